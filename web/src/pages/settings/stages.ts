// The stages of the life cycle as the days of the settings cut them, each with the expression that finds its people.
export interface Stage {
  stage: 'active' | 'silent' | 'sleeping' | 'lost';
  from: number | null; // more than so many days ago …
  to: number | null; // … and at most so many
  expression: string;
}

const kStages = ['active', 'silent', 'sleeping', 'lost'] as const;

// Null where the days do not ascend: then no stage means anything.
export function stagesOf(days: number[]): Stage[] | null {
  if (days.length !== 3 || days.some((day) => !Number.isInteger(day) || day < 1)) return null;
  if (days.some((day, at) => at > 0 && day <= (days[at - 1] ?? 0))) return null;
  return kStages.map((stage, at) => {
    const from = at === 0 ? null : (days[at - 1] ?? null);
    const to = days[at] ?? null;
    const parts = [from === null ? '' : `last_order_at more than ${from} days ago`, to === null ? '' : `last_order_at within last ${to} days`];
    return { stage, from, to, expression: parts.filter(Boolean).join(' and ') };
  });
}

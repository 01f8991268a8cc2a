// A window of time, taken apart for its form and put together again as text of the language.

export const kUnits = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const;
export const kPeriods = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Unit = (typeof kUnits)[number];
export type Period = (typeof kPeriods)[number];

export type Window =
  | { kind: 'last' | 'next' | 'ago'; amount: number; unit: Unit }
  | { kind: 'on' | 'since' | 'before'; day: string }
  | { kind: 'between'; from: string; to: string }
  | { kind: 'this' | 'previous'; period: Period };

export type WindowKind = Window['kind'];

const kDay = String.raw`(\d{4}-\d{2}-\d{2})`;
const kSpan = String.raw`(\d+) (minute|hour|day|week|month|year)s?`;

export function parseWindow(text: string): Window | null {
  const plain = text.trim().replace(/\s+/g, ' ').toLowerCase();
  let match = new RegExp(`^within (last|next) ${kSpan}$`).exec(plain);
  if (match) return { kind: match[1] as 'last' | 'next', amount: Number(match[2]), unit: `${match[3]}s` as Unit };
  match = new RegExp(`^more than ${kSpan} ago$`).exec(plain);
  if (match) return { kind: 'ago', amount: Number(match[1]), unit: `${match[2]}s` as Unit };
  match = new RegExp(`^between ${kDay} and ${kDay}$`).exec(plain);
  if (match) return { kind: 'between', from: match[1] ?? '', to: match[2] ?? '' };
  match = new RegExp(`^(on|since|before) ${kDay}$`).exec(plain);
  if (match) return { kind: match[1] as 'on' | 'since' | 'before', day: match[2] ?? '' };
  match = /^(this|last) (day|week|month|quarter|year)$/.exec(plain);
  if (match) return { kind: match[1] === 'this' ? 'this' : 'previous', period: match[2] as Period };
  return null;
}

export function printWindow(window: Window): string {
  switch (window.kind) {
    case 'last':
    case 'next':
      return `within ${window.kind} ${window.amount} ${window.unit}`;
    case 'ago':
      return `more than ${window.amount} ${window.unit} ago`;
    case 'on':
    case 'since':
    case 'before':
      return `${window.kind} ${window.day}`;
    case 'between':
      return `between ${window.from} and ${window.to}`;
    case 'this':
      return `this ${window.period}`;
    case 'previous':
      return `last ${window.period}`;
  }
}

// The same window said another way, keeping what both have.
export function changedKind(window: Window, kind: WindowKind, today: string): Window {
  if (kind === 'last' || kind === 'next' || kind === 'ago') {
    return 'amount' in window ? { ...window, kind } : { kind, amount: 30, unit: 'days' };
  }
  const day = 'day' in window ? window.day : 'from' in window ? window.from : today;
  if (kind === 'between') return { kind, from: day, to: 'to' in window ? window.to : today };
  if (kind === 'this' || kind === 'previous') return { kind, period: 'period' in window ? window.period : 'month' };
  return { kind, day };
}

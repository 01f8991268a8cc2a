// The colour of a cell by its share of the greatest; the ink on it stays readable.
export function heatOf(value: number, most: number): { background: string; color: string } {
  const share = most > 0 ? Math.sqrt(value / most) : 0;
  return {
    background: `color-mix(in srgb, var(--heat) ${Math.round(share * 100)}%, var(--card))`,
    color: share > 0.55 ? 'var(--on-heat)' : 'var(--ink)',
  };
}

// The colour of a cell by its share of the greatest; never so deep that the ink on it could not be read.
const kDeepest = 62;

export function heatOf(value: number, most: number): { background: string } {
  const share = most > 0 ? Math.sqrt(value / most) : 0;
  return { background: `color-mix(in srgb, var(--heat) ${Math.round(share * kDeepest)}%, var(--card))` };
}

// Two or three circles; their places are fixed, the numbers say how large each part is.
import { useTranslation } from 'react-i18next';

import { useFormats } from '../../format';
import { kPalette } from '../../theme/tokens';

interface Place {
  x: number;
  y: number;
}

const kCentres: Record<number, Place[]> = {
  2: [{ x: 150, y: 130 }, { x: 250, y: 130 }],
  3: [{ x: 150, y: 115 }, { x: 250, y: 115 }, { x: 200, y: 200 }],
};
const kRadius = 92;

// The middle of the part that is in exactly these circles, pushed away from the others.
function middleOf(centres: Place[], members: boolean[]): Place {
  const inside = centres.filter((_, at) => members[at]);
  const all = { x: centres.reduce((sum, c) => sum + c.x, 0) / centres.length, y: centres.reduce((sum, c) => sum + c.y, 0) / centres.length };
  const mid = { x: inside.reduce((sum, c) => sum + c.x, 0) / inside.length, y: inside.reduce((sum, c) => sum + c.y, 0) / inside.length };
  const push = inside.length === centres.length ? 0 : inside.length === 1 ? 0.72 : 0.75;
  return { x: mid.x + (mid.x - all.x) * push, y: mid.y + (mid.y - all.y) * push };
}

export function Venn({ names, sizes, sets }: { names: string[]; sizes: number[]; sets: { members: boolean[]; count: number }[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const centres = kCentres[names.length] ?? [];
  return (
    <svg viewBox="0 0 400 310" role="img" aria-label={`${t('segments.overlap')}: ${names.join(', ')}`} style={{ width: '100%' }}>
      {centres.map((centre, at) => (
        <circle key={at} cx={centre.x} cy={centre.y} r={kRadius} fill={kPalette[at]} fillOpacity={0.22} stroke={kPalette[at]} strokeWidth={2} />
      ))}
      {sets
        .filter((one) => one.members.some(Boolean))
        .map((one) => {
          const place = middleOf(centres, one.members);
          return (
            <text key={one.members.join()} x={place.x} y={place.y + 5} textAnchor="middle" fontSize={14} fontWeight={600} fill="var(--ink)">
              {formats.number(one.count)}
            </text>
          );
        })}
      {centres.map((centre, at) => {
        const below = at === 2;
        return (
          <text key={`name${at}`} x={centre.x + (below ? 0 : at === 0 ? -60 : 60)} y={below ? 306 : 16} textAnchor="middle" fontSize={13} fill="var(--ink-2)">
            {(names[at] ?? '').slice(0, 16)} · {formats.number(sizes[at])}
          </text>
        );
      })}
    </svg>
  );
}

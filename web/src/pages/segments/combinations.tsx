// Who is in exactly these and no others, the most first (an UpSet plot as a table); each leads to the people.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useFormats } from '../../format';

interface Combination {
  members: boolean[];
  count: number;
}

export function expressionOf(expressions: string[], members: boolean[]): string {
  return expressions.map((one, at) => (members[at] ? `(${one})` : `not (${one})`)).join(' and ');
}

export function Combinations({ names, expressions, sizes, sets }: { names: string[]; expressions: string[]; sizes: number[]; sets: Combination[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const rows = sets.filter((one) => one.members.some(Boolean)).sort((a, b) => b.count - a.count);
  const most = Math.max(...rows.map((one) => one.count), 1);
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            {names.map((name, at) => (
              <th key={name} scope="col">
                {name}
                <div className="quiet small">{formats.number(sizes[at])}</div>
              </th>
            ))}
            <th scope="col" className="number">{t('segments.only_in')}</th>
            <th scope="col" style={{ width: '30%' }}><span className="hidden">{t('segments.members')}</span></th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.members.join()}>
              {one.members.map((inside, at) => (
                <td key={at}>
                  <span className={inside ? 'dot on' : 'dot'} role="img" aria-label={inside ? t('shell.yes') : t('shell.no')} />
                </td>
              ))}
              <td className="number">
                <Link to={`/segments/new?expression=${encodeURIComponent(expressionOf(expressions, one.members))}`}>{formats.number(one.count)}</Link>
              </td>
              <td>
                <div className="bar" aria-hidden>
                  <i style={{ width: `${(one.count / most) * 100}%` }} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

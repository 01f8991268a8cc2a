// Why the members of this segment are not in another one, condition by condition.
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Answer } from '../../states';
import type { Segment } from './save_segment';

type Reason = components['schemas']['difference_reason'];

function rowsOf(reason: Reason, depth = 0): { reason: Reason; depth: number }[] {
  return [{ reason, depth }, ...reason.parts.flatMap((part) => rowsOf(part, depth + 1))];
}

function Outcome({ segment, other }: { segment: Segment; other: Segment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = hooks.useQuery('post', '/segments/difference', { body: { a: segment.expression, b: other.expression } });
  return (
    <Answer query={query}>
      {(data) => (
        <>
          <dl className="pairs">
            <dt>{t('segments.in_both')}</dt>
            <dd>{formats.number(data.in_both)}</dd>
            <dt>{t('segments.only_a', { name: segment.name })}</dt>
            <dd>{formats.number(data.only_a)}</dd>
          </dl>
          {data.only_a > 0 && (
            <div className="scroll-x">
              <table className="plain-table">
                <thead>
                  <tr>
                    <th scope="col">{t('segments.condition')}</th>
                    <th scope="col" className="number">{t('segments.failed')}</th>
                    <th scope="col" className="number">{t('segments.failed_alone')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rowsOf(data.reason).map(({ reason, depth }, at) => (
                    <tr key={at}>
                      <td className="code" style={{ paddingLeft: 10 + depth * 18 }}>
                        {reason.wanted ? '' : `${t('segments.not')} `}
                        {reason.text}
                      </td>
                      <td className="number">{formats.number(reason.failed)}</td>
                      <td className="number">{formats.number(reason.failed_alone)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Answer>
  );
}

export function Difference({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const segments = hooks.useQuery('get', '/segments');
  const [otherId, setOtherId] = useState<number | null>(null);
  const others = (segments.data?.items ?? []).filter((one) => one.id !== segment.id);
  const other = others.find((one) => one.id === otherId);
  return (
    <Card title={t('segments.tabs.difference')}>
      <div className="stack">
        <p className="quiet">{t('segments.difference_text', { name: segment.name })}</p>
        <Select
          aria-label={t('segments.other')}
          placeholder={t('segments.other')}
          value={otherId}
          onChange={setOtherId}
          options={others.map((one) => ({ value: one.id, label: one.name }))}
          style={{ maxWidth: 320 }}
        />
        {other && <Outcome segment={segment} other={other} />}
      </div>
    </Card>
  );
}

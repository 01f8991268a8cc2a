// One import: its counts, and the rejected rows, corrected in place.
import './words';

import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { hooks } from '../../api/client';
import { useFormats } from '../../format';
import { useJobMessage } from '../../jobs/message';
import { useImportName } from '../../jobs/title';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import { DataPage } from './data_tabs';
import { RejectedRow } from './rejected_row';

const kCounts = ['rows', 'imported', 'unchanged', 'adjustments', 'rejected'] as const;

function Rejected({ id }: { id: number }) {
  const { t } = useTranslation();
  const pages = usePages(String(id));
  const query = hooks.useQuery('get', '/imports/{id}/rejected', {
    params: { path: { id }, query: { limit: 50, ...(pages.cursor ? { cursor: pages.cursor } : {}) } },
  });
  return (
    <Card title={t('data.rejected_title')}>
      <Answer query={query}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title={t('data.rejected_none')} />
          ) : (
            <div className="stack">
              <p className="quiet">{t('data.rejected_text')}</p>
              <ul className="lines">
                {data.items.map((row) => (
                  <RejectedRow key={row.id} importId={id} header={data.header ?? ''} row={row} />
                ))}
              </ul>
              <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
            </div>
          )
        }
      </Answer>
    </Card>
  );
}

export function ImportResultPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useImportName();
  const messageOf = useJobMessage();
  const id = Number(useParams()['id']);
  const query = hooks.useQuery('get', '/imports/{id}', { params: { path: { id } } });
  return (
    <DataPage
      title={t('data.result_title', { file: nameOf(query.data?.file ?? '') })}
      subtitle={query.data && [t(`data.formats.${query.data.format}`, query.data.format), query.data.shop, formats.time(query.data.started_at)].filter(Boolean).join(' · ')}
    >
      <Answer query={query}>
        {(one) => (
          <div className="stack">
            {one.failure && <div className="notice error">{messageOf(one.failure)}</div>}
            <Card>
              <dl className="counts">
                {kCounts.map((key) => (
                  <div key={key}>
                    <dt>{t(`data.${key}`)}</dt>
                    <dd className="figure">{formats.number(one[key])}</dd>
                  </div>
                ))}
              </dl>
            </Card>
            <Rejected id={id} />
          </div>
        )}
      </Answer>
    </DataPage>
  );
}

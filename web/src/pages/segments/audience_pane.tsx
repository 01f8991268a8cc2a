// The right side of the builder: how many, some of them, and who they are, as of this moment.
import './words';

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { hooks } from '../../api/client';
import { kSampleColumns, useCustomerColumns } from '../../customer_columns';
import { DataTable } from '../../data_table';
import { useDebounced } from '../../debounced';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Empty, Failed, Loading } from '../../states';
import { Composition } from './composition';

const kCountMs = 40;
const kCompositionMs = 250;
const kSample = 10;

export function useCount(expression: string) {
  return hooks.useQuery('post', '/segments/count', { body: { expression, sample: kSample } }, {
    enabled: expression !== '',
    placeholderData: (before) => before,
  });
}

export function AudiencePane({ expression, onNarrow }: { expression: string; onNarrow?: (expression: string) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const columns = useCustomerColumns(kSampleColumns);
  const wanted = useDebounced(expression, kCountMs);
  const composed = useDebounced(expression, kCompositionMs);
  const query = useCount(wanted);
  const count = query.data;

  return (
    <div className="stack">
      <Card title={t('segments.count')}>
        {query.error && <Failed error={query.error} retry={query.refetch} />}
        {!count && !query.error && <Loading rows={2} />}
        {count && (
          <div aria-live="polite" aria-busy={query.isFetching} style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
            <div className="figure" data-testid="count">
              {formats.number(count.count)}
            </div>
            <p className="quiet small">
              {t('segments.of', { total: formats.number(count.of), share: formats.percent(count.of > 0 ? count.count / count.of : 0) })}
              {' · '}
              {t('segments.took', { ms: formats.number(count.milliseconds, count.milliseconds < 10 ? 1 : 0) })}
            </p>
          </div>
        )}
      </Card>
      <Card
        title={t('segments.sample')}
        extra={<Link to={`/customers?where=${encodeURIComponent(wanted)}`}>{t('segments.see_all')}</Link>}
      >
        {count && count.sample.length === 0 && <Empty title={t('segments.sample_empty')} />}
        {count && count.sample.length > 0 && (
          <DataTable caption={t('segments.sample')} columns={columns} rows={count.sample} rowKey={(row) => row.id} />
        )}
      </Card>
      <Card title={t('segments.who')}>
        <Composition expression={composed} {...(onNarrow ? { onNarrow } : {})} />
      </Card>
    </div>
  );
}

// The right side of the builder: how many, some of them, and who they are, as of this moment. While the answer to the
// latest edit is on its way the one before stays, dimmed and named as such, and cannot be acted upon.
import './words';

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useCount } from '../../audience_count';
import { kSampleColumns, useCustomerColumns } from '../../customer_columns';
import { DataTable } from '../../data_table';
import { useDebounced } from '../../debounced';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Empty, Failed, Loading, Stale } from '../../states';
import { Composition } from './composition';

const kCompositionMs = 250;
const kSample = 10;

export function AudiencePane({
  expression,
  stale = false,
  why,
  onNarrow,
}: {
  expression: string;
  stale?: boolean; // the expression is of before the latest edit
  why?: string | undefined; // … and stays so until that one is mended
  onNarrow?: (expression: string) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const columns = useCustomerColumns(kSampleColumns);
  const composed = useDebounced(expression, kCompositionMs);
  // Asked at once: typing has been waited for already, and an overtaken question is given up.
  const query = useCount(expression, kSample);
  const count = query.data;
  const isOld = stale || query.isPlaceholderData;

  return (
    <div className="stack">
      <Card title={t('segments.count')}>
        {query.error && <Failed error={query.error} retry={query.refetch} />}
        {!count && !query.error && <Loading rows={2} />}
        {count && (
          <Stale when={isOld} why={why}>
            <div aria-live="polite">
              <div className="figure" data-testid="count">
                {formats.number(count.count)}
              </div>
              <p className="quiet small">
                {t('segments.of', { total: formats.number(count.of), share: formats.percent(count.of > 0 ? count.count / count.of : 0) })}
                {' · '}
                {t('segments.as_of_time', { time: formats.time(count.as_of) })}
                {' · '}
                {t('segments.took', { ms: formats.number(count.milliseconds, count.milliseconds < 10 ? 1 : 0) })}
              </p>
            </div>
          </Stale>
        )}
      </Card>
      <Card
        title={t('segments.sample')}
        extra={<Link to={`/customers?where=${encodeURIComponent(expression)}`}>{t('segments.see_all')}</Link>}
      >
        {count && count.sample.length === 0 && <Empty title={t('segments.sample_empty')} />}
        {count && count.sample.length > 0 && (
          <Stale when={isOld} why={why}>
            <DataTable caption={t('segments.sample')} columns={columns} rows={count.sample} rowKey={(row) => row.id} />
          </Stale>
        )}
      </Card>
      <Card title={t('segments.who')}>
        <Composition expression={composed} stale={isOld || composed !== expression} why={why} {...(onNarrow ? { onNarrow } : {})} />
      </Card>
    </div>
  );
}

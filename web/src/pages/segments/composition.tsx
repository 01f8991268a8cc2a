// Who they are: each dimension as bars; a bar chosen narrows the audience to it.
import './words';

import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { currentLanguage } from '../../i18n';
import { useFormats } from '../../format';
import { Answer, Stale } from '../../states';

type Bucket = components['schemas']['bucket'];

const kDimensions = ['lifecycle', 'rfm_class', 'spend_histogram', 'region', 'tier', 'gender', 'platform'] as const;
const kMaxBars = 8;

function withoutEmptyEnds(buckets: Bucket[]): Bucket[] {
  const filled = buckets.map((bucket) => bucket.count > 0);
  return buckets.slice(Math.max(filled.indexOf(true), 0), filled.lastIndexOf(true) + 1);
}

function Dimension({ name, buckets, onNarrow }: { name: string; buckets: Bucket[]; onNarrow?: ((expression: string) => void) | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const shown = name === 'spend_histogram' ? withoutEmptyEnds(buckets) : [...buckets].sort((a, b) => b.count - a.count).slice(0, kMaxBars);
  const largest = Math.max(...shown.map((bucket) => bucket.share), 0.0001);
  const label = (bucket: Bucket) => (currentLanguage() === 'en' ? bucket.en : bucket.zh) || bucket.value || t('segments.unknown');
  if (shown.length === 0 || shown.every((bucket) => bucket.value === null)) return null;
  return (
    <section className="dimension">
      <h3>{t(`segments.by.${name}`)}</h3>
      <ul>
        {shown.map((bucket) => {
          const inner = (
            <>
              <span className="dimension-label">{label(bucket)}</span>
              <span className="bar" aria-hidden>
                <i style={{ width: `${(bucket.share / largest) * 100}%` }} />
              </span>
              <span className="dimension-share">
                {formats.number(bucket.count)}
                <span className="quiet">{formats.percent(bucket.share)}</span>
              </span>
            </>
          );
          return (
            <li key={bucket.value ?? ''}>
              {onNarrow && bucket.expression ? (
                <button type="button" className="dimension-row" title={t('segments.narrow', { what: label(bucket) })} onClick={() => onNarrow(bucket.expression)}>
                  {inner}
                </button>
              ) : (
                <div className="dimension-row">{inner}</div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Composition({
  expression,
  stale,
  why,
  onNarrow,
}: {
  expression: string;
  stale: boolean;
  why?: string | undefined;
  onNarrow?: (expression: string) => void;
}) {
  const query = hooks.useQuery('post', '/segments/composition', { body: { expression } }, {
    enabled: expression !== '',
    placeholderData: (before) => before,
  });
  const isOld = stale || query.isPlaceholderData;
  return (
    <Answer query={query} rows={6}>
      {(data) => (
        <Stale when={isOld} why={why}>
          <div className="composition" data-testid="composition" data-count={data.count}>
            {kDimensions.map((name) => (
              <Dimension key={name} name={name} buckets={data.by[name]} onNarrow={isOld ? undefined : onNarrow} />
            ))}
          </div>
        </Stale>
      )}
    </Answer>
  );
}

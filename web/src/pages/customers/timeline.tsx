// Everything that happened with the customer, the latest first.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { Answer, Empty } from '../../states';
import { OrderLines } from './order_lines';

type Item = components['schemas']['timeline_item'];
type Detail = components['schemas']['timeline_detail'];

const kKinds: Item['kind'][] = ['order', 'refund', 'shipment', 'review', 'message', 'interaction', 'points', 'coupon', 'ticket', 'note', 'merge'];
const kSilent = new Set(['order_id', 'merge_id', 'survivor_id', 'merged_id', 'lines', 'text', 'status', 'order_no']);
const kPerPage = 50;

function Details({ detail }: { detail: Detail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const facts = Object.entries(detail).filter(([key, value]) => !kSilent.has(key) && value !== null && value !== undefined && value !== '' && value !== false);
  const shown = (key: string, value: Detail[keyof Detail]): string => {
    if (value && typeof value === 'object' && 'minor' in value) return formats.money(value);
    return key.endsWith('_at') ? formats.time(String(value)) : String(value);
  };
  return (
    <>
      {detail.text && <p>{detail.text}</p>}
      {facts.length > 0 && (
        <div className="quiet small">
          {facts.map(([key, value]) => (
            <span key={key} className="detail">
              {t(`customers.detail.${key}`, key)}
              {value === true ? '' : `: ${shown(key, value)}`}
            </span>
          ))}
        </div>
      )}
      {detail.lines && detail.lines.length > 0 && <OrderLines lines={detail.lines} />}
    </>
  );
}

export function Timeline({ id }: { id: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [kind, setKind] = useState<Item['kind'] | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['get', '/customers/{id}/timeline', { id, kind }],
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await api.GET('/customers/{id}/timeline', {
        params: { path: { id }, query: { limit: kPerPage, ...(kind ? { kind } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      });
      if (!data) throw new Error('no answer');
      return data;
    },
    getNextPageParam: (page) => page.next_cursor,
  });

  return (
    <div className="stack">
      <Select
        aria-label={t('customers.timeline_kind')}
        value={kind}
        style={{ width: 160 }}
        onChange={setKind}
        options={[{ value: null, label: t('customers.timeline_all') }, ...kKinds.map((one) => ({ value: one, label: t(`customers.event.${one}`) }))]}
      />
      <Answer query={query} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty title={t('customers.timeline_empty')} />
          ) : (
            <ol className="timeline">
              {items.map((item) => (
                <li key={`${item.kind}${item.id}${item.at ?? ''}`} className={`event ${item.kind}`}>
                  <div className="row">
                    <span className="tag">{t(`customers.event.${item.kind}`)}</span>
                    <strong className="grow">{item.title}</strong>
                    {item.amount && <span className={item.kind === 'refund' ? 'delta-down nowrap' : 'nowrap'}>{formats.money(item.kind === 'refund' ? { ...item.amount, minor: -Math.abs(item.amount.minor) } : item.amount)}</span>}
                    {item.detail.status && <span className="quiet">{t(`customers.status.${item.detail.status}`, item.detail.status)}</span>}
                  </div>
                  <div className="quiet small" title={formats.ago(item.at)}>{formats.time(item.at)}</div>
                  <Details detail={item.detail} />
                </li>
              ))}
            </ol>
          );
        }}
      </Answer>
      {query.hasNextPage && (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('customers.more')}
        </Button>
      )}
    </div>
  );
}

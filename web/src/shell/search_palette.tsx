// One box for everything: customers by any identifier, orders by number, segments by name, pages.
import { Modal } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { hooks } from '../api/client';
import { useFormats } from '../format';
import { useSession } from '../session';
import { useDebounced } from '../debounced';
import { useEntries } from './navigation';

interface Hit {
  group: string;
  label: string;
  detail: string;
  to: string;
}

const kPerGroup = 6;

export function SearchPalette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { may } = useSession();
  const formats = useFormats();
  const entries = useEntries();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [hurried, setHurried] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const wanted = useDebounced(text.trim(), 120);

  const customers = hooks.useQuery('get', '/customers', { params: { query: { q: wanted, limit: kPerGroup } } }, {
    enabled: wanted.length > 0 && may('customers.read'),
  });
  const orders = hooks.useQuery('get', '/orders', { params: { query: { q: wanted, limit: kPerGroup } } }, {
    enabled: wanted.length > 3 && may('customers.read'),
  });
  const segments = hooks.useQuery('get', '/segments', {}, { enabled: may('segments.read') });

  const hits = useMemo<Hit[]>(() => {
    const lower = wanted.toLowerCase();
    const all: Hit[] = [];
    for (const row of wanted ? (customers.data?.items ?? []) : [])
      all.push({ group: 'customers', label: row.display, detail: formats.money(row.total_spent), to: `/customers/${row.id}` });
    for (const order of wanted.length > 3 ? (orders.data?.items ?? []) : []) {
      if (order.customer_id)
        all.push({ group: 'orders', label: order.order_no, detail: formats.money(order.amount), to: `/customers/${order.customer_id}?tab=orders` });
    }
    for (const segment of segments.data?.items ?? []) {
      if (lower && segment.name.toLowerCase().includes(lower) && all.length < 3 * kPerGroup)
        all.push({ group: 'segments', label: segment.name, detail: formats.number(segment.members), to: `/segments/${segment.id}` });
    }
    for (const entry of entries) {
      const name = t(`shell.nav.${entry.name}`);
      if (!lower || name.toLowerCase().includes(lower)) all.push({ group: 'pages', label: name, detail: '', to: entry.to });
    }
    return all;
  }, [customers.data, orders.data, segments.data, wanted, entries, formats, t]);

  useEffect(() => setChosen(0), [wanted]);
  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [chosen]);

  const open = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    void navigate(hit.to);
  };
  // Enter before the answer has come waits for it, so that it never opens what was listed for an earlier text.
  const looking = text.trim() !== wanted || (wanted.length > 0 && (customers.isFetching || orders.isFetching));
  useEffect(() => {
    if (!hurried || looking) return;
    setHurried(false);
    open(hits[0]);
  });
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && hits.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + hits.length) % hits.length);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      if (looking) setHurried(true);
      else open(hits[chosen]);
    }
  };

  return (
    <Modal open onCancel={onClose} footer={null} closable={false} title={null} width={560} style={{ top: 72 }} destroyOnHidden
      aria-label={t('shell.search.title')}>
      <input
        className="palette-input"
        autoFocus
        type="search"
        role="combobox"
        aria-expanded
        aria-controls="palette-hits"
        aria-activedescendant={hits[chosen] ? `hit-${chosen}` : undefined}
        aria-label={t('shell.search.title')}
        placeholder={t('shell.search.placeholder')}
        value={text}
        onChange={(event) => {
          setHurried(false);
          setText(event.target.value);
        }}
        onKeyDown={onKey}
      />
      <ul id="palette-hits" role="listbox" aria-label={t('shell.search.title')} className="palette-hits" ref={list}>
        {hits.map((hit, at) => (
          <li
            key={`${hit.group}${hit.to}${hit.label}`}
            id={`hit-${at}`}
            role="option"
            aria-selected={at === chosen}
            onMouseEnter={() => setChosen(at)}
            onClick={() => open(hit)}
          >
            <span className="quiet small">{t(`shell.search.${hit.group}`)}</span>
            <span className="grow">{hit.label}</span>
            <span className="quiet">{hit.detail}</span>
          </li>
        ))}
      </ul>
      {wanted && !customers.isFetching && hits.length === 0 && <p className="quiet">{t('shell.search.nothing')}</p>}
      <p className="quiet small">{t('shell.search.hint')}</p>
    </Modal>
  );
}

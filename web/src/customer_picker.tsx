// Choosing one customer by whatever is known of them: phone, nick, e-mail, order or customer number.
import './shell/customer_words';

import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from './api/client';
import type { CustomerRow } from './customer_columns';
import { useDebounced } from './debounced';
import { useFormats } from './format';

const kShown = 8;
const kTypingMs = 150;

export function CustomerPicker({
  id,
  value,
  onChange,
  except,
}: {
  id?: string; // of the field, given by a form
  value?: number | null;
  onChange?: (id: number) => void;
  except?: number;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<CustomerRow | null>(null);
  const wanted = useDebounced(typed.trim(), kTypingMs);
  const query = hooks.useQuery('get', '/customers', { params: { query: { q: wanted, limit: kShown } } }, { enabled: wanted !== '' });
  const found = wanted === '' ? [] : (query.data?.items ?? []);
  const rows = [...found, ...(chosen && !found.some((row) => row.id === chosen.id) ? [chosen] : [])].filter((row) => row.id !== except);
  const looking = typed.trim() !== wanted || query.isFetching;
  return (
    <Select<number>
      {...(id ? { id } : {})}
      aria-label={t('customer.find')}
      placeholder={t('customer.find')}
      value={value ?? null}
      showSearch={{ filterOption: false, onSearch: setTyped, searchValue: typed }}
      loading={looking && typed !== ''}
      notFoundContent={typed.trim() === '' ? t('customer.find_hint') : looking ? t('shell.loading') : t('customer.find_none')}
      options={rows.map((row) => ({
        value: row.id,
        label: [row.display, `#${row.id}`, [row.province, row.city].filter(Boolean).join(' '), formats.money(row.total_spent)]
          .filter((part) => part && part !== '–')
          .join(' · '),
      }))}
      onChange={(next) => {
        setChosen(rows.find((row) => row.id === next) ?? null);
        setTyped('');
        onChange?.(next);
      }}
      style={{ width: '100%', maxWidth: 420 }}
    />
  );
}

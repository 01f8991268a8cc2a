// The columns a user has chosen, kept in this browser.
import { useState } from 'react';

import { kColumnKeys, type ColumnKey } from '../../customer_columns';

const kStored = 'shuke.customer_columns';
const kInitial: ColumnKey[] = ['display', 'phone', 'province', 'lifecycle', 'rfm_class', 'order_count', 'total_spent', 'last_order_at', 'tags'];

function stored(): ColumnKey[] {
  const names = (localStorage.getItem(kStored) ?? '').split(',');
  const known = kColumnKeys.filter((key) => names.includes(key));
  return known.length > 1 ? known : kInitial;
}

export function useColumnsChoice(): [ColumnKey[], (keys: ColumnKey[]) => void] {
  const [keys, setKeys] = useState(stored);
  return [
    keys,
    (next) => {
      const ordered = kColumnKeys.filter((key) => key === 'display' || next.includes(key));
      localStorage.setItem(kStored, ordered.join(','));
      setKeys(ordered);
    },
  ];
}

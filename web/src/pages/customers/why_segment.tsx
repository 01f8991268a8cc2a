// Why this customer is in a segment, or is not.
import '../segments/words';

import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { Explanations } from '../segments/explain';

export function WhySegment({ id }: { id: number }) {
  const { t } = useTranslation();
  const segments = hooks.useQuery('get', '/segments');
  const [chosen, setChosen] = useState<number | null>(null);
  const segment = segments.data?.items.find((one) => one.id === chosen);
  return (
    <div className="stack">
      <Select
        aria-label={t('segments.choose')}
        placeholder={t('segments.choose')}
        value={chosen}
        onChange={setChosen}
        options={(segments.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }))}
        style={{ maxWidth: 320 }}
      />
      {segment && <Explanations expression={segment.expression} customerId={id} />}
    </div>
  );
}

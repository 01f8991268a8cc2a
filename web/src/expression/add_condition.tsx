import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { kCustomerScope, type Schema } from './schema';
import { conditionOf, SubjectSelect } from './subject_select';
import type { Predicate } from './tree';

export function AddCondition({ schema, label, small = false, onAdd }: { schema: Schema; label: string; small?: boolean; onAdd: (node: Predicate) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <Button icon={<PlusOutlined aria-hidden />} type={small ? 'text' : 'dashed'} size={small ? 'small' : 'middle'} onClick={() => setOpen(true)}>
        {label}
      </Button>
    );
  }
  return (
    <span className="row" onKeyDown={(event) => event.key === 'Escape' && setOpen(false)} onBlur={() => setTimeout(() => setOpen(false), 200)}>
      <SubjectSelect
        schema={schema}
        scope={kCustomerScope}
        placeholder={t('expression.choose')}
        autoFocus
        onChoose={(key) => {
          setOpen(false);
          onAdd(conditionOf(schema, kCustomerScope, key));
        }}
      />
    </span>
  );
}

// Only a part of them: the best by something, or a sample that stays the same.
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { wordsOf, type Schema } from './schema';
import { textOf, type Tree } from './tree';

const kFirstMetric = 'total_spent';

export function Limits({ schema, tree, onChange }: { schema: Schema; tree: Tree; onChange: (tree: Tree) => void }) {
  const { t } = useTranslation();
  const mode = tree.top ? 'top' : tree.sample ? 'sample' : 'off';
  const metrics = schema.attributes.filter((one) => ['number', 'money', 'pieces', 'time'].includes(one.type) && one.name !== 'id');
  const by = tree.top ? textOf(tree.top.by) : null;
  const change = (next: string) => {
    const bare: Tree = { version: 1, where: tree.where };
    if (next === 'top') onChange({ ...bare, top: { amount: '100', percent: false, by: { name: kFirstMetric } } });
    else if (next === 'sample') onChange({ ...bare, sample: { percent: '10' } });
    else onChange(bare);
  };
  return (
    <div className="row">
      <span className="quiet">{t('expression.how_many')}</span>
      <Select
        aria-label={t('expression.limit')}
        value={mode}
        popupMatchSelectWidth={false}
        onChange={change}
        options={['off', 'top', 'sample'].map((key) => ({ value: key, label: t(`expression.${key}`) }))}
      />
      {tree.top && (
        <>
          <Input
            aria-label={t('expression.amount')}
            inputMode="numeric"
            defaultValue={tree.top.amount}
            key={`${tree.top.amount}`}
            style={{ width: 90 }}
            onBlur={(event) => /^\d+(\.\d+)?$/.test(event.target.value) && tree.top && onChange({ ...tree, top: { ...tree.top, amount: event.target.value } })}
            onPressEnter={(event) => event.currentTarget.blur()}
          />
          <Select
            aria-label={t('expression.top_percent')}
            value={tree.top.percent ?? false}
            options={[
              { value: false, label: '#' },
              { value: true, label: '%' },
            ]}
            onChange={(percent: boolean) => tree.top && onChange({ ...tree, top: { ...tree.top, percent } })}
          />
          <span>{t('expression.top_by')}</span>
          {by === null ? (
            <span className="quiet">…</span>
          ) : (
            <Select
              aria-label={t('expression.top_by')}
              value={by}
              popupMatchSelectWidth={false}
              options={metrics.map((one) => ({ value: one.name, label: wordsOf(one) }))}
              onChange={(name: string) => tree.top && onChange({ ...tree, top: { ...tree.top, by: { name } } })}
            />
          )}
        </>
      )}
      {tree.sample && (
        <>
          <Input
            aria-label={t('expression.amount')}
            inputMode="decimal"
            defaultValue={tree.sample.percent}
            key={tree.sample.percent}
            style={{ width: 80 }}
            onBlur={(event) => /^\d+(\.\d+)?$/.test(event.target.value) && tree.sample && onChange({ ...tree, sample: { ...tree.sample, percent: event.target.value } })}
            onPressEnter={(event) => event.currentTarget.blur()}
          />
          %
        </>
      )}
    </div>
  );
}

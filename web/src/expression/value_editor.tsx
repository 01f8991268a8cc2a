// The right side of a condition: a number, one or many words, a text with what the shop knows to choose from.
import { AutoComplete, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { knownValues, wordsOf, type Attribute, type Schema, type ValueType } from './schema';
import { valueOf } from './leaf';
import { textOf, type Value } from './tree';

const kNumber = /^-?\d+(\.\d+)?$/;

function NumberInput({ value, unit, onChange }: { value: string; unit: string | undefined; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <Input
      aria-label={t('expression.value')}
      inputMode="decimal"
      value={typed}
      status={kNumber.test(typed) ? undefined : 'error'}
      suffix={unit ? <span className="quiet small">{unit}</span> : undefined}
      style={{ width: unit ? 132 : 100 }}
      onChange={(event) => {
        setTyped(event.target.value);
        if (kNumber.test(event.target.value)) onChange(event.target.value);
      }}
    />
  );
}

export function ValueEditor({
  schema,
  attribute,
  type,
  many,
  values,
  onChange,
}: {
  schema: Schema;
  attribute: Attribute | undefined;
  type: ValueType | null;
  many: boolean;
  values: Value[];
  onChange: (values: Value[]) => void;
}) {
  const { t } = useTranslation();
  const first = values[0] ? (textOf(values[0]) ?? '') : '';
  const isNumeric = type === 'number' || type === 'money' || type === 'pieces' || attribute?.name === 'id';
  const choices = attribute?.choices ?? [];
  const options =
    choices.length > 0
      ? choices.map((choice) => ({ value: choice.key, label: wordsOf(choice) }))
      : knownValues(schema, attribute?.name ?? '').map((known) => ({ value: known, label: known }));
  const made = (text: string): Value =>
    isNumeric && kNumber.test(text) ? { number: text } : choices.length > 0 ? valueOf(type, text) : { text };

  if (many) {
    return (
      <Select
        aria-label={t('expression.values')}
        mode={choices.length > 0 ? 'multiple' : 'tags'}
        value={values.map((value) => textOf(value) ?? '')}
        options={options}
        optionFilterProp="label"
        tokenSeparators={[',', '，', '、', '\n', '\t']}
        style={{ minWidth: 200, flex: 1 }}
        onChange={(chosen: string[]) => {
          if (chosen.length > 0) onChange(chosen.map(made));
        }}
      />
    );
  }
  if (isNumeric) {
    return (
      <NumberInput
        value={first}
        unit={type === 'money' ? schema.currency : undefined}
        onChange={(number) => onChange([{ number }])}
      />
    );
  }
  if (choices.length > 0) {
    return (
      <Select
        aria-label={t('expression.value')}
        value={first}
        options={options}
        popupMatchSelectWidth={false}
        onChange={(key: string) => onChange([made(key)])}
      />
    );
  }
  return (
    <AutoComplete
      aria-label={t('expression.value')}
      value={first}
      options={options.filter((option) => option.value.includes(first) || options.some((one) => one.value === first))}
      style={{ minWidth: 150 }}
      onChange={(text: string) => onChange([{ text }])}
    />
  );
}

// What they did: how it is counted, in which time, and which rows count.
import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { factsOf, fieldsFor, newCondition, subjectOf, withAggregate, withFacts } from './leaf';
import { LeafEditor } from './leaf_editor';
import { wordsOf, type Schema, type Scope } from './schema';
import { allOf, isCall, type Predicate } from './tree';
import { WindowEditor } from './window_editor';

export function FactsEditor({ schema, node, onChange }: { schema: Schema; node: Predicate; onChange: (node: Predicate) => void }) {
  const { t } = useTranslation();
  const facts = factsOf(node);
  if (!facts) return null;
  const subject = subjectOf(node);
  const aggregate = subject && isCall(subject) ? subject.call : 'any';
  const needsField = schema.aggregates.find((one) => one.name === aggregate)?.needs_field ?? false;

  return (
    <>
      <Select
        aria-label={t('expression.aggregate')}
        value={aggregate}
        popupMatchSelectWidth={false}
        options={[
          { value: 'any', label: t('expression.any') },
          ...schema.aggregates.filter((one) => one.name !== 'any').map((one) => ({ value: one.name, label: wordsOf(one) })),
        ]}
        onChange={(next: string) => onChange(withAggregate(schema, node, next))}
      />
      {needsField && (
        <Select
          aria-label={t('expression.field')}
          showSearch={{ optionFilterProp: 'label' }}
          value={facts.field ?? null}
          popupMatchSelectWidth={false}
          options={fieldsFor(schema, facts.fact, aggregate).map((one) => ({ value: one.name, label: wordsOf(one) }))}
          onChange={(field: string) => onChange(withAggregate(schema, withFacts(node, { ...facts, field }), aggregate))}
        />
      )}
      {facts.window ? (
        <span className="row nowrap">
          <WindowEditor text={facts.window} onChange={(window) => onChange(withFacts(node, { ...facts, window }))} />
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('expression.any_time')}
            title={t('expression.any_time')}
            onClick={() => onChange(withFacts(node, { ...facts, window: undefined }))}
          />
        </span>
      ) : (
        <Button size="small" type="dashed" onClick={() => onChange(withFacts(node, { ...facts, window: 'within last 90 days' }))}>
          {t('expression.add_window')}
        </Button>
      )}
    </>
  );
}

// Which of their rows count.
export function FactsWhere({ schema, node, onChange }: { schema: Schema; node: Predicate; onChange: (node: Predicate) => void }) {
  const { t } = useTranslation();
  const facts = factsOf(node);
  if (!facts) return null;
  const scope: Scope = { kind: 'fact', fact: facts.fact };
  const parts = facts.where ? ('and' in facts.where ? facts.where.and : [facts.where]) : [];
  const putParts = (next: Predicate[]) => onChange(withFacts(node, { ...facts, where: next.length > 0 ? allOf(next) : undefined }));
  const firstField = schema.facts.find((fact) => fact.name === facts.fact)?.fields[0]?.name ?? 'at';
  return (
    <div className="where">
      {parts.map((part, at) => (
        <LeafEditor
          key={at}
          schema={schema}
          scope={scope}
          node={part}
          onChange={(next) => putParts(parts.map((one, index) => (index === at ? next : one)))}
          onRemove={() => putParts(parts.filter((_, index) => index !== at))}
        />
      ))}
      <Button size="small" type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => putParts([...parts, newCondition(schema, scope, firstField)])}>
        {t('expression.add_where')}
      </Button>
    </div>
  );
}

// One condition: what it is about, how it is compared, with what.
import { DeleteOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { FactsEditor, FactsWhere } from './facts_editor';
import { factsOf, hasForm, operatorOf, operatorsOf, subjectOf, valuesOf, withOperator } from './leaf';
import { LeafText } from './leaf_text';
import { attributeOf, membershipNames, typeOf, type Schema, type Scope } from './schema';
import { conditionOf, SubjectSelect, subjectKey } from './subject_select';
import { isCall, membershipOf, type Predicate } from './tree';
import { ValueEditor } from './value_editor';
import { WindowEditor } from './window_editor';

function Comparison({ schema, scope, node, onChange }: { schema: Schema; scope: Scope; node: Predicate; onChange: (node: Predicate) => void }) {
  const { t } = useTranslation();
  const subject = subjectOf(node);
  const operator = operatorOf(node);
  if (!subject || !operator) return null;
  const attribute = isCall(subject)
    ? attributeOf(schema, { kind: 'fact', fact: subject.fact }, subject.field ?? '')
    : 'name' in subject
      ? attributeOf(schema, scope, subject.name)
      : undefined;
  return (
    <>
      <Select
        aria-label={t('expression.operator')}
        value={operator}
        options={operatorsOf(schema, scope, subject).map((one) => ({ value: one, label: t(`expression.operators.${one}`) }))}
        popupMatchSelectWidth={false}
        onChange={(next: string) => onChange(withOperator(schema, scope, subject, next, node))}
      />
      {'during' in node ? (
        <WindowEditor text={node.during[1]} onChange={(window) => onChange({ during: [subject, window] })} />
      ) : (
        'missing' in node || 'known' in node || (
          <ValueEditor
            schema={schema}
            attribute={isCall(subject) && (subject.call === 'count' || subject.call === 'distinct') ? undefined : attribute}
            type={typeOf(schema, scope, subject)}
            many={'in' in node || 'not_in' in node}
            values={valuesOf(node)}
            onChange={(values) => {
              const [only] = values;
              if ('in' in node) onChange({ in: [subject, values] });
              else if ('not_in' in node) onChange({ not_in: [subject, values] });
              else if (only) onChange({ compare: [subject, operator, only] });
            }}
          />
        )
      )}
    </>
  );
}

export function LeafEditor({
  schema,
  scope,
  node,
  extra,
  onChange,
  onRemove,
}: {
  schema: Schema;
  scope: Scope;
  node: Predicate;
  extra?: ReactNode;
  onChange: (node: Predicate) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const negated = 'not' in node;
  const inner = negated ? node.not : node;
  const put = (next: Predicate) => onChange(negated ? { not: next } : next);
  const membership = membershipOf(inner);
  const canNegate = (scope.kind === 'customer' || negated) && !('flag' in inner) && !('all' in inner);
  const remove = (
    <>
      {extra}
      {canNegate && (
        <Button size="small" type="text" aria-pressed={negated} onClick={() => onChange(negated ? inner : { not: inner })}>
          {t('expression.negate')}
        </Button>
      )}
      <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t('expression.remove')} title={t('expression.remove')} onClick={onRemove} />
    </>
  );

  if (!hasForm(schema, scope, inner)) {
    return (
      <div className="condition">
        <div className="row grow">
          {negated && <span className="tag warn">{t('expression.not')}</span>}
          <LeafText node={inner} onChange={put} />
        </div>
        {remove}
      </div>
    );
  }
  return (
    <div className="condition">
      <div className="row grow">
        {negated && !('flag' in inner) && <span className="tag bad">{t('expression.not')}</span>}
        {'all' in inner ? (
          <span>{t('expression.everybody_leaf')}</span>
        ) : (
          <SubjectSelect schema={schema} scope={scope} value={subjectKey(inner)} onChoose={(key) => put(conditionOf(schema, scope, key))} />
        )}
        {'flag' in inner && (
          <Select
            aria-label={t('expression.value')}
            value={negated ? 'no' : 'yes'}
            onChange={(value: string) => onChange(value === 'no' ? { not: inner } : inner)}
            options={[
              { value: 'yes', label: t('shell.yes') },
              { value: 'no', label: t('shell.no') },
            ]}
          />
        )}
        {membership && (
          <Select
            aria-label={t('expression.value')}
            showSearch
            value={membership.name}
            options={membershipNames(schema, membership.kind).map((name) => ({ value: name, label: name }))}
            popupMatchSelectWidth={false}
            style={{ minWidth: 140 }}
            onChange={(name: string) => put({ [membership.kind]: name } as Predicate)}
          />
        )}
        {factsOf(inner) && <FactsEditor schema={schema} node={inner} onChange={put} />}
        <Comparison schema={schema} scope={scope} node={inner} onChange={put} />
        {factsOf(inner) && <FactsWhere schema={schema} node={inner} onChange={put} />}
      </div>
      {remove}
    </div>
  );
}

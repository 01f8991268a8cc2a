// The expert way: the tree as it is, groups inside groups. A condition becomes a group by putting another beside it: with
// "or" inside a group of "and", and the other way round.
import { DeleteOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { AddCondition } from './add_condition';
import { LeafEditor } from './leaf_editor';
import { kCustomerScope, type Schema } from './schema';
import { isGroup, isLeaf, type Predicate } from './tree';

interface Props {
  schema: Schema;
  node: Predicate;
  inside?: 'and' | 'or'; // the kind of group it stands in
  onChange: (node: Predicate) => void;
  onRemove: () => void;
}

export function FreeTree({ schema, node, inside = 'and', onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const negated = 'not' in node;
  const inner = negated ? node.not : node;
  const put = (next: Predicate) => onChange(negated ? { not: next } : next);

  if (isLeaf(inner)) {
    const beside = inside === 'and' ? 'or' : 'and';
    return (
      <LeafEditor
        schema={schema}
        scope={kCustomerScope}
        node={node}
        onChange={onChange}
        onRemove={onRemove}
        extra={
          <AddCondition
            schema={schema}
            small
            label={t(`expression.beside_${beside}`)}
            onAdd={(added) => onChange(beside === 'or' ? { or: [node, added] } : { and: [node, added] })}
          />
        }
      />
    );
  }
  if (!isGroup(inner)) {
    return (
      <section className="group negated">
        <header className="row">
          <span className="grow">{t('expression.not')}</span>
        </header>
        <FreeTree schema={schema} node={inner} inside={inside} onChange={put} onRemove={onRemove} />
      </section>
    );
  }
  const isAnd = 'and' in inner;
  const parts = isAnd ? inner.and : inner.or;
  const made = (next: Predicate[]): Predicate => (isAnd ? { and: next } : { or: next });
  const putParts = (next: Predicate[]) => {
    const [only] = next;
    if (!only) onRemove();
    else put(next.length === 1 ? only : made(next));
  };
  return (
    <section className={negated ? 'group negated' : 'group'}>
      <header className="row">
        {negated && <span className="tag bad">{t('expression.not')}</span>}
        <Select
          aria-label={t('expression.mode')}
          value={isAnd ? 'and' : 'or'}
          popupMatchSelectWidth={false}
          options={[
            { value: 'and', label: t('expression.group_and') },
            { value: 'or', label: t('expression.group_or') },
          ]}
          onChange={(kind: string) => put(kind === 'and' ? { and: parts } : { or: parts })}
        />
        <span className="grow" />
        <Button size="small" type="text" aria-pressed={negated} onClick={() => onChange(negated ? inner : { not: inner })}>
          {t('expression.negate')}
        </Button>
        <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t('expression.remove_group')} title={t('expression.remove_group')} onClick={onRemove} />
      </header>
      {parts.map((part, at) => (
        <FreeTree
          key={at}
          schema={schema}
          node={part}
          inside={isAnd ? 'and' : 'or'}
          onChange={(next) => putParts(parts.map((one, index) => (index === at ? next : one)))}
          onRemove={() => putParts(parts.filter((_, index) => index !== at))}
        />
      ))}
      <div className="row">
        <AddCondition schema={schema} label={t('expression.add_condition')} onAdd={(added) => putParts([...parts, added])} />
      </div>
    </section>
  );
}

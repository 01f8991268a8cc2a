// The easy way: groups that are satisfied or not, joined by OR; their conditions joined by AND.
import { DeleteOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

import { AddCondition } from './add_condition';
import { whereOf, type Group } from './cards';
import { LeafEditor } from './leaf_editor';
import { kCustomerScope, type Schema } from './schema';
import type { Predicate } from './tree';

export function EasyCards({ schema, groups, onChange }: { schema: Schema; groups: Group[]; onChange: (where: Predicate) => void }) {
  const { t } = useTranslation();
  const put = (next: Group[]) => onChange(whereOf(next));
  const putGroup = (at: number, group: Group) => put(groups.map((one, index) => (index === at ? group : one)));

  return (
    <div className="stack">
      {groups.length === 0 && <p className="quiet">{t('expression.everybody')}</p>}
      {groups.map((group, at) => (
        <Fragment key={at}>
          {at > 0 && <div className="or-line">{t('expression.or')}</div>}
          <section className={group.satisfied ? 'group' : 'group negated'} aria-label={t(group.satisfied ? 'expression.satisfied' : 'expression.not_satisfied')}>
            <header className="row">
              <Select
                aria-label={t('expression.mode')}
                value={group.satisfied}
                options={[
                  { value: true, label: t('expression.satisfied') },
                  { value: false, label: t('expression.not_satisfied') },
                ]}
                popupMatchSelectWidth={false}
                onChange={(satisfied: boolean) => putGroup(at, { ...group, satisfied })}
              />
              <span className="quiet grow">{t('expression.all_of')}</span>
              <Button type="text" size="small" icon={<DeleteOutlined aria-hidden />} aria-label={t('expression.remove_group')} title={t('expression.remove_group')}
                onClick={() => put(groups.filter((_, index) => index !== at))} />
            </header>
            {group.conditions.map((condition, index) => (
              <LeafEditor
                key={index}
                schema={schema}
                scope={kCustomerScope}
                node={condition}
                onChange={(next) => putGroup(at, { ...group, conditions: group.conditions.map((one, i) => (i === index ? next : one)) })}
                onRemove={() => putGroup(at, { ...group, conditions: group.conditions.filter((_, i) => i !== index) })}
              />
            ))}
            <AddCondition
              schema={schema}
              label={t('expression.add_condition')}
              onAdd={(node) => putGroup(at, { ...group, conditions: [...group.conditions, node] })}
            />
          </section>
        </Fragment>
      ))}
      <div>
        <AddCondition
          schema={schema}
          label={groups.length === 0 ? t('expression.add_condition') : t('expression.add_group')}
          onAdd={(node) => put([...groups, { satisfied: true, conditions: [node] }])}
        />
      </div>
    </div>
  );
}

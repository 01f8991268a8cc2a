// What a condition is about, found by typing: the customer's attributes, what they did, and memberships.
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { attributesOf, membershipNames, wordsOf, type Schema, type Scope } from './schema';
import { newBehaviour, newCondition, newMembership } from './leaf';
import { kMemberships, membershipOf, type Membership, type Predicate } from './tree';
import { factsOf, subjectOf } from './leaf';

interface Option {
  value: string;
  label: string;
  search: string;
  disabled?: boolean;
}

export function subjectKey(node: Predicate): string {
  const membership = membershipOf(node);
  if (membership) return `in:${membership.kind}`;
  const facts = factsOf(node);
  if (facts) return `fact:${facts.fact}`;
  if ('flag' in node) return `attribute:${node.flag}`;
  const subject = subjectOf(node);
  return subject && 'name' in subject ? `attribute:${subject.name}` : '';
}

export function conditionOf(schema: Schema, scope: Scope, key: string): Predicate {
  const [kind, name = ''] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (kind === 'fact') return newBehaviour(schema, name);
  if (kind === 'in') return newMembership(schema, name as Membership);
  return newCondition(schema, scope, name);
}

export function SubjectSelect({
  schema,
  scope,
  value,
  placeholder,
  onChoose,
  autoFocus = false,
}: {
  schema: Schema;
  scope: Scope;
  value?: string;
  placeholder?: string;
  onChoose: (key: string) => void;
  autoFocus?: boolean;
}) {
  const { t } = useTranslation();
  const option = (key: string, words: { zh: string; en: string }, name: string): Option => ({
    value: key,
    label: wordsOf(words),
    search: `${words.zh} ${words.en} ${name}`.toLowerCase(),
  });
  const profile = attributesOf(schema, scope).map((one) => option(`attribute:${one.name}`, one, one.name));
  const groups =
    scope.kind === 'fact'
      ? profile
      : [
          { label: t('expression.group.behaviour'), options: schema.facts.map((one) => option(`fact:${one.name}`, one, one.name)) },
          { label: t('expression.group.profile'), options: profile },
          {
            label: t('expression.group.membership'),
            options: schema.memberships
              .filter((one) => (kMemberships as readonly string[]).includes(one.name))
              // What there is none of yet cannot be chosen: the condition would be wrong from the start.
              .map((one) => ({ ...option(`in:${one.name}`, one, one.name), disabled: membershipNames(schema, one.name).length === 0 })),
          },
        ];
  return (
    <Select<string, Option>
      aria-label={t('expression.subject')}
      showSearch={{ filterOption: (text, one) => (one?.search ?? '').includes(text.trim().toLowerCase()) }}
      value={value || null}
      placeholder={placeholder}
      options={groups as Option[]}
      popupMatchSelectWidth={false}
      autoFocus={autoFocus}
      defaultOpen={autoFocus}
      onChange={onChoose}
      style={{ minWidth: 128 }}
    />
  );
}

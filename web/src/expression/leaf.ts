// New conditions, complete from the first moment so that the count can answer at once, and the operators each type has.
import { attributeOf, attributesOf, factOf, knownValues, membershipNames, typeOf, type Schema, type Scope, type ValueType } from './schema';
import { isCall, textOf, type Call, type Membership, type Metric, type Predicate, type Value } from './tree';

export type Operator = string; // of compare, or: in not_in missing known during

const kOrder = ['>=', '>', '<=', '<', '=', '!='];
const kOperators: Record<ValueType, Operator[]> = {
  number: [...kOrder, 'missing', 'known'],
  money: [...kOrder, 'missing', 'known'],
  pieces: kOrder,
  text: ['=', '!=', 'in', 'not_in', 'contains', 'starts with', 'missing', 'known'],
  choice: ['in', 'not_in', '=', '!=', 'missing', 'known'],
  time: ['during', 'missing', 'known'],
  date: ['during', 'missing', 'known'],
  flag: [],
};

const kExactOnly = new Set(['id', 'external_id']);

export function operatorsOf(schema: Schema, scope: Scope, metric: Metric): Operator[] {
  const type = typeOf(schema, scope, metric);
  if (!type) return [];
  if ('name' in metric && scope.kind === 'customer') {
    if (kExactOnly.has(metric.name)) return ['=', '!=', 'in', 'not_in'];
    if (metric.name === 'tier') return ['>=', '<=', ...kOperators.choice];
  }
  if (isCall(metric) && ['first', 'last'].includes(metric.call)) return kOperators[type].filter((one) => one !== 'known');
  return kOperators[type];
}

export function operatorOf(node: Predicate): Operator | null {
  if ('compare' in node) return node.compare[1];
  for (const operator of ['in', 'not_in', 'missing', 'known', 'during']) if (operator in node) return operator;
  return null;
}

export function subjectOf(node: Predicate): Metric | null {
  if ('compare' in node) return node.compare[0];
  if ('in' in node) return node.in[0];
  if ('not_in' in node) return node.not_in[0];
  if ('missing' in node) return node.missing;
  if ('known' in node) return node.known;
  if ('during' in node) return node.during[0];
  return null;
}

export function valuesOf(node: Predicate): Value[] {
  if ('in' in node) return node.in[1];
  if ('not_in' in node) return node.not_in[1];
  if ('compare' in node) {
    const right = node.compare[2];
    return 'name' in right || 'text' in right || 'number' in right || 'date' in right ? [right] : [];
  }
  return [];
}

export function valueOf(type: ValueType | null, text: string): Value {
  if (type === 'choice') return { name: text };
  if (type === 'number' || type === 'money' || type === 'pieces') return { number: text };
  return { text };
}

function firstValue(schema: Schema, scope: Scope, metric: Metric): Value {
  const type = typeOf(schema, scope, metric);
  const name = isCall(metric) ? (metric.field ?? '') : (textOf(metric) ?? '');
  const where: Scope = isCall(metric) ? { kind: 'fact', fact: metric.fact } : scope;
  if (type === 'choice') {
    const choice = attributeOf(schema, where, name)?.choices[0];
    if (choice) return { name: choice.key };
    return { text: knownValues(schema, name)[0] ?? '' };
  }
  if (type === 'number' || type === 'money') return { number: '1' };
  if (type === 'pieces') return { number: '1' };
  if (name === 'id') return { number: '1' };
  return { text: knownValues(schema, name)[0] ?? '' };
}

// The condition with another operator, keeping its values where they fit.
export function withOperator(schema: Schema, scope: Scope, metric: Metric, operator: Operator, node?: Predicate): Predicate {
  const kept = node ? valuesOf(node) : [];
  const values = kept.length > 0 ? kept : [firstValue(schema, scope, metric)];
  switch (operator) {
    case 'in':
      return { in: [metric, values] };
    case 'not_in':
      return { not_in: [metric, values] };
    case 'missing':
      return { missing: metric };
    case 'known':
      return { known: metric };
    case 'during': {
      const isBirthday = 'name' in metric && metric.name === 'birthday';
      return { during: [metric, node && 'during' in node ? node.during[1] : isBirthday ? 'within next 7 days' : 'within last 30 days'] };
    }
    default:
      return { compare: [metric, operator, values[0] ?? { number: '1' }] };
  }
}

export function newCondition(schema: Schema, scope: Scope, name: string): Predicate {
  const attribute = attributeOf(schema, scope, name);
  if (attribute?.type === 'flag') return { flag: name };
  const metric: Metric = { name };
  const operator = operatorsOf(schema, scope, metric)[0] ?? '=';
  return withOperator(schema, scope, metric, operator);
}

export function newMembership(schema: Schema, kind: Membership): Predicate {
  return { [kind]: membershipNames(schema, kind)[0] ?? '…' } as Predicate;
}

export function newBehaviour(schema: Schema, fact: string): Predicate {
  const hasPaid = attributesOf(schema, { kind: 'fact', fact }).some((field) => field.name === 'paid');
  const call: Call = { call: 'count', fact, window: 'within last 90 days' };
  if (hasPaid) call.where = { flag: 'paid' };
  return { compare: [call, '>=', { number: '1' }] };
}

// The behaviour with another aggregate; a field it can work on comes with it.
export function withAggregate(schema: Schema, node: Predicate, aggregate: string): Predicate {
  const facts = factsOf(node);
  if (!facts) return node;
  const { fact, where, window, field } = facts;
  const rest = { fact, ...(where ? { where } : {}), ...(window ? { window } : {}) };
  if (aggregate === 'any') return { any: rest };
  const wanted = schema.aggregates.find((one) => one.name === aggregate);
  if (!wanted?.needs_field) return withOperator(schema, { kind: 'customer' }, { call: aggregate, ...rest }, '>=', numericOnly(node));
  const fields = fieldsFor(schema, fact, aggregate);
  const chosen = fields.some((one) => one.name === field) ? field : fields[0]?.name;
  const metric: Metric = { call: aggregate, fact, ...(chosen ? { field: chosen } : {}), ...(where ? { where } : {}), ...(window ? { window } : {}) };
  const operator = operatorsOf(schema, { kind: 'customer' }, metric)[0] ?? '>=';
  return withOperator(schema, { kind: 'customer' }, metric, operator, operator === '>=' ? numericOnly(node) : undefined);
}

function numericOnly(node: Predicate): Predicate | undefined {
  const [value] = valuesOf(node);
  return value && 'number' in value ? node : undefined;
}

export function fieldsFor(schema: Schema, fact: string, aggregate: string) {
  const types = schema.aggregates.find((one) => one.name === aggregate)?.field_types ?? [];
  return (factOf(schema, fact)?.fields ?? []).filter((field) => types.length === 0 || types.includes(field.type));
}

// The facts a condition asks about, if it is a behaviour.
export function factsOf(node: Predicate) {
  if ('any' in node) return node.any;
  const subject = subjectOf(node);
  return subject && isCall(subject) ? subject : null;
}

export function withFacts(node: Predicate, facts: { fact: string; field?: string | undefined; where?: Predicate | undefined; window?: string | undefined }): Predicate {
  const clean = {
    fact: facts.fact,
    ...(facts.field ? { field: facts.field } : {}),
    ...(facts.where ? { where: facts.where } : {}),
    ...(facts.window ? { window: facts.window } : {}),
  };
  if ('any' in node) return { any: clean };
  const subject = subjectOf(node);
  if (!subject || !isCall(subject)) return node;
  const metric: Call = { call: subject.call, ...clean };
  if ('compare' in node) return { compare: [metric, node.compare[1], node.compare[2]] };
  if ('in' in node) return { in: [metric, node.in[1]] };
  if ('not_in' in node) return { not_in: [metric, node.not_in[1]] };
  if ('during' in node) return { during: [metric, node.during[1]] };
  if ('missing' in node) return { missing: metric };
  return { known: metric };
}

// Whether the form can show the condition; what it cannot is shown and edited as text.
export function hasForm(schema: Schema, scope: Scope, node: Predicate): boolean {
  if ('all' in node) return true;
  if ('flag' in node) return attributeOf(schema, scope, node.flag) !== undefined;
  const facts = factsOf(node);
  if (facts) {
    if (scope.kind !== 'customer' || !factOf(schema, facts.fact)) return false;
    const inner: Scope = { kind: 'fact', fact: facts.fact };
    const parts = facts.where ? ('and' in facts.where ? facts.where.and : [facts.where]) : [];
    if (!parts.every((part) => hasForm(schema, inner, 'not' in part ? part.not : part))) return false;
    if ('any' in node) return true;
  }
  const subject = subjectOf(node);
  if (!subject) return 'segment' in node || 'was_in' in node || 'list' in node || 'tag' in node || 'reachable' in node || 'subscribed' in node;
  if (!facts && (!('name' in subject) || !attributeOf(schema, scope, subject.name))) return false;
  const operator = operatorOf(node);
  if (!operator || !operatorsOf(schema, scope, subject).includes(operator)) return false;
  return !('compare' in node) || valuesOf(node).length === 1;
}

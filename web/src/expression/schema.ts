// What expressions can speak of: attributes, facts and their fields, with their words and types, from the server.
import type { components } from '../api/schema';
import { currentLanguage } from '../i18n';
import { isCall, type Metric } from './tree';

export type Schema = components['schemas']['expression_schema'];
export type Attribute = components['schemas']['attribute'];
export type Fact = components['schemas']['fact'];
export type ValueType = Attribute['type'];

// Where a condition stands: about the customer, or about the rows of a fact.
export type Scope = { kind: 'customer' } | { kind: 'fact'; fact: string };

export const kCustomerScope: Scope = { kind: 'customer' };

export function wordsOf(named: { zh: string; en: string }): string {
  return currentLanguage() === 'en' ? named.en : named.zh;
}

export function attributesOf(schema: Schema, scope: Scope): Attribute[] {
  return scope.kind === 'customer' ? schema.attributes : (factOf(schema, scope.fact)?.fields ?? []);
}

export function attributeOf(schema: Schema, scope: Scope, name: string): Attribute | undefined {
  return attributesOf(schema, scope).find((attribute) => attribute.name === name);
}

export function factOf(schema: Schema, name: string): Fact | undefined {
  return schema.facts.find((fact) => fact.name === name);
}

// What a metric is measured in.
export function typeOf(schema: Schema, scope: Scope, metric: Metric): ValueType | null {
  if ('name' in metric) return attributeOf(schema, scope, metric.name)?.type ?? null;
  if (!isCall(metric)) return 'number';
  if (metric.call === 'count' || metric.call === 'distinct') return 'pieces';
  const field = attributeOf(schema, { kind: 'fact', fact: metric.fact }, metric.field ?? '');
  return field?.type ?? 'number';
}

// Values the shop is known to have, to choose from while typing.
export function knownValues(schema: Schema, name: string): string[] {
  const known: Record<string, string[]> = {
    province: schema.known.provinces,
    shop: schema.known.shops,
    platform: schema.known.platforms,
    channel: schema.known.channels,
    category: schema.known.categories,
    tier: schema.known.tiers,
  };
  return known[name] ?? [];
}

export function membershipNames(schema: Schema, kind: string): string[] {
  switch (kind) {
    case 'segment':
    case 'was_in':
      return schema.known.segments;
    case 'list':
      return schema.known.lists;
    case 'tag':
      return schema.known.tags;
    default:
      return ['sms', 'phone', 'email'];
  }
}

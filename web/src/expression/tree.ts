// The tree of an expression as the server reads and writes it (its form: src/audience/expression/json.h).

export type Value = { name: string } | { text: string } | { number: string } | { date: string };

export interface Facts {
  fact: string;
  field?: string;
  where?: Predicate;
  window?: string;
}

export type Call = { call: string } & Facts;

export type Metric =
  | Value
  | Call
  | { calculate: (Metric | string)[] }
  | { average: Metric }
  | { median: Metric }
  | { percentile: Metric; percent: string };

export const kMemberships = ['segment', 'was_in', 'list', 'tag', 'reachable', 'subscribed'] as const;
export type Membership = (typeof kMemberships)[number];

export type Predicate =
  | { all: true }
  | { and: Predicate[] }
  | { or: Predicate[] }
  | { not: Predicate }
  | { any: Facts }
  | { flag: string }
  | { compare: [Metric, string, Metric] }
  | { in: [Metric, Value[]] }
  | { not_in: [Metric, Value[]] }
  | { missing: Metric }
  | { known: Metric }
  | { during: [Metric, string] }
  | { [K in Membership]: { [P in K]: string } }[Membership];

export interface Tree {
  version: 1;
  where: Predicate;
  top?: { amount: string; percent?: boolean; by: Metric };
  sample?: { percent: string; seed?: number };
}

export const kEverybody: Tree = { version: 1, where: { all: true } };

export function isGroup(node: Predicate): node is { and: Predicate[] } | { or: Predicate[] } {
  return 'and' in node || 'or' in node;
}

export function isLeaf(node: Predicate): boolean {
  return !isGroup(node) && !('not' in node);
}

export function membershipOf(node: Predicate): { kind: Membership; name: string } | null {
  for (const kind of kMemberships) {
    if (kind in node) return { kind, name: (node as Record<string, string>)[kind] ?? '' };
  }
  return null;
}

export function textOf(value: Metric): string | null {
  if ('name' in value) return value.name;
  if ('text' in value) return value.text;
  if ('number' in value) return value.number;
  if ('date' in value) return value.date;
  return null;
}

export function isCall(metric: Metric): metric is Call {
  return 'call' in metric;
}

// Joins as few levels as it can: one part needs no and, nothing at all is everybody.
export function allOf(parts: Predicate[]): Predicate {
  const [only] = parts;
  if (!only) return { all: true };
  return parts.length === 1 ? only : { and: parts };
}

export function anyOf(parts: Predicate[]): Predicate {
  const [only] = parts;
  if (!only) return { all: true };
  return parts.length === 1 ? only : { or: parts };
}

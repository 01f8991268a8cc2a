// The easy form of an expression: groups of conditions, each to be satisfied or not, joined by OR; inside a group AND.
// Not every tree has this form; easyOf says so by null, and the builder shows the free tree.
import { allOf, anyOf, isLeaf, type Predicate } from './tree';

export interface Group {
  satisfied: boolean;
  conditions: Predicate[]; // leaves, or a leaf under one not
}

function isCondition(node: Predicate): boolean {
  return isLeaf(node) || ('not' in node && isLeaf(node.not));
}

function groupOf(node: Predicate): Group | null {
  if ('not' in node) {
    const inner = node.not;
    if (isLeaf(inner)) return { satisfied: false, conditions: [inner] };
    if ('and' in inner && inner.and.every(isCondition)) return { satisfied: false, conditions: inner.and };
    return null;
  }
  if ('and' in node) return node.and.every(isCondition) ? { satisfied: true, conditions: node.and } : null;
  return isLeaf(node) ? { satisfied: true, conditions: [node] } : null;
}

export function easyOf(where: Predicate): Group[] | null {
  if ('all' in where) return [];
  const parts = 'or' in where ? where.or : [where];
  const groups: Group[] = [];
  for (const part of parts) {
    const group = groupOf(part);
    if (!group) return null;
    groups.push(group);
  }
  return groups;
}

export function whereOf(groups: Group[]): Predicate {
  const parts = groups
    .filter((group) => group.conditions.length > 0)
    .map((group) => (group.satisfied ? allOf(group.conditions) : { not: allOf(group.conditions) }));
  return anyOf(parts);
}

// Aim     the easy form and the tree are the same expression, both ways; what has no easy form says so.
import { describe, expect, it } from 'vitest';

import { easyOf, whereOf } from './cards';
import type { Predicate } from './tree';

const a: Predicate = { compare: [{ name: 'order_count' }, '>=', { number: '2' }] };
const b: Predicate = { in: [{ name: 'lifecycle' }, [{ name: 'sleeping' }]] };
const c: Predicate = { tag: 'VIP' };

describe('easyOf', () => {
  it.each<[string, Predicate]>([
    ['everybody', { all: true }],
    ['one condition', a],
    ['conditions joined by and', { and: [a, b, c] }],
    ['groups joined by or', { or: [{ and: [a, b] }, c] }],
    ['a group not to be satisfied', { not: { and: [a, b] } }],
    ['one condition not to be satisfied', { or: [a, { not: b }] }],
    ['a negated condition inside a group', { and: [a, { not: b }] }],
  ])('gives back the same tree: %s', (_, tree) => {
    const groups = easyOf(tree);
    expect(groups).not.toBeNull();
    expect(whereOf(groups ?? [])).toEqual(tree);
  });

  it.each<[string, Predicate]>([
    ['or inside and', { and: [a, { or: [b, c] }] }],
    ['and inside and', { and: [a, { and: [b, c] }] }],
    ['not of or', { not: { or: [a, b] } }],
    ['twice not', { not: { not: a } }],
  ])('has no easy form: %s', (_, tree) => expect(easyOf(tree)).toBeNull());

  it('leaves groups without conditions out', () => {
    expect(whereOf([{ satisfied: true, conditions: [] }])).toEqual({ all: true });
    expect(whereOf([{ satisfied: true, conditions: [a] }, { satisfied: false, conditions: [] }])).toEqual(a);
  });
});

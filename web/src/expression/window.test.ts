// Aim     every window of the language comes back as it was written.
import { describe, expect, it } from 'vitest';

import { changedKind, parseWindow, printWindow } from './window';

const kAll = [
  'within last 90 days',
  'within next 7 days',
  'within last 2 hours',
  'more than 140 days ago',
  'on 2024-11-11',
  'between 2024-11-01 and 2024-11-11',
  'since 2024-01-01',
  'before 2024-01-01',
  'this month',
  'last quarter',
];

describe('parseWindow', () => {
  it.each(kAll)('%s', (text) => {
    const window = parseWindow(text);
    expect(window).not.toBeNull();
    if (window) expect(printWindow(window)).toBe(text);
  });
  it('takes a single unit', () => expect(parseWindow('within last 1 day')).toEqual({ kind: 'last', amount: 1, unit: 'days' }));
  it('leaves alone what is none', () => expect(parseWindow('within 3 days')).toBeNull());
});

describe('changedKind', () => {
  it('keeps amount and unit', () =>
    expect(changedKind({ kind: 'last', amount: 3, unit: 'weeks' }, 'ago', '2024-01-01')).toEqual({ kind: 'ago', amount: 3, unit: 'weeks' }));
  it('keeps the day', () =>
    expect(changedKind({ kind: 'on', day: '2024-05-01' }, 'between', '2024-06-01')).toEqual({ kind: 'between', from: '2024-05-01', to: '2024-06-01' }));
});

// Aim     the stages shown while the days are edited are those the server will use: no gap, no overlap, nothing where the
//         days contradict each other.
import { describe, expect, it } from 'vitest';

import { stagesOf } from './stages';

describe('stagesOf', () => {
  it('cuts at the days', () =>
    expect(stagesOf([45, 90, 140])?.map((one) => one.expression)).toEqual([
      'last_order_at within last 45 days',
      'last_order_at more than 45 days ago and last_order_at within last 90 days',
      'last_order_at more than 90 days ago and last_order_at within last 140 days',
      'last_order_at more than 140 days ago',
    ]));
  it.each([[[45, 45, 140]], [[90, 45, 140]], [[45, 90]], [[0, 90, 140]], [[45, Number.NaN, 140]]])('has none for %j', (days) =>
    expect(stagesOf(days)).toBeNull(),
  );
});

// Aim     numbers, money and times stand as people of each language write them, times in the shop's zone.
import { describe, expect, it } from 'vitest';

import { dayIn, decimalOf, formatsOf, startOf } from './formats';

const zh = formatsOf('zh-CN', 'Asia/Shanghai');
const en = formatsOf('en', 'Europe/London');

describe('formats', () => {
  it('writes money with its own digits', () => {
    expect(zh.money({ minor: 123456, currency: 'CNY' })).toBe('¥1,234.56');
    expect(en.money({ minor: 123456, currency: 'GBP' })).toBe('£1,234.56');
    expect(en.money({ minor: 1234, currency: 'JPY' })).toBe('¥1,234');
    expect(zh.money(null)).toBe('–');
  });
  it('knows minor units', () => {
    expect(decimalOf({ minor: 1234, currency: 'JPY' })).toBe(1234);
    expect(decimalOf({ minor: 1234, currency: 'CNY' })).toBe(12.34);
  });
  it('shows an instant in the zone of the shop', () => {
    expect(zh.time('2026-11-21T18:30:00Z')).toBe('2026/11/22 02:30');
    expect(en.date('2026-07-01T23:30:00Z')).toBe('02/07/2026');
  });
  it('leaves a calendar day alone', () => expect(zh.day('2026-11-22')).toBe('2026/11/22'));
  it('says how long ago', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(zh.ago('2026-11-20T12:00:00Z', now)).toBe('2天前');
    expect(en.ago('2026-11-22T09:00:00Z', now)).toBe('3 hours ago');
    expect(zh.ago('2026-11-22T11:59:40Z', now)).toBe('现在');
  });
  it('knows which day it is in the shop’s zone, not in that of the browser', () => {
    const now = Date.parse('2026-11-21T18:30:00Z');
    expect(dayIn('Asia/Shanghai', 0, now)).toBe('2026-11-22');
    expect(dayIn('America/New_York', 0, now)).toBe('2026-11-21');
    expect(dayIn('Asia/Shanghai', -30, now)).toBe('2026-10-23');
  });
  it('begins a day at the shop’s midnight, also when the clocks change', () => {
    expect(startOf('2026-11-22', 'Asia/Shanghai')).toBe('2026-11-21T16:00:00.000Z');
    expect(startOf('2026-07-01', 'America/New_York')).toBe('2026-07-01T04:00:00.000Z');
    expect(startOf('2026-03-29', 'Europe/London')).toBe('2026-03-29T00:00:00.000Z');
    expect(startOf('2026-03-30', 'Europe/London')).toBe('2026-03-29T23:00:00.000Z');
  });
  it('writes shares', () => expect(zh.percent(0.1234)).toBe('12.3%'));
});

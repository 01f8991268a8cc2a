// Numbers, money, shares, days and times as people of the language write them; times in the shop's zone.
import type { Language } from './i18n';

export interface Amount {
  minor: number;
  currency: string;
}

function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

export function decimalOf(amount: Amount): number {
  return amount.minor / 10 ** digitsOf(amount.currency);
}

const kUnits: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function formatsOf(language: Language, zone: string) {
  const locale = language === 'en' ? 'en-GB' : 'zh-CN';
  const numbers = new Intl.NumberFormat(locale);
  const dates = new Intl.DateTimeFormat(locale, { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const times = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const plainDays = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: '2-digit', day: '2-digit' });
  const longDays = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'long' });
  // "Yesterday" is a day of the calendar, which a number of seconds does not tell; only "now" has a word of its own.
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const rightNow = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');

  return {
    zone,
    number: (value: number | null | undefined, digits?: number): string => {
      if (value === null || value === undefined || Number.isNaN(value)) return '–';
      return digits === undefined
        ? numbers.format(value)
        : value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    },
    percent: (value: number | null | undefined, digits = 1): string =>
      value === null || value === undefined || !Number.isFinite(value)
        ? '–'
        : value.toLocaleString(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }),
    money: (amount: Amount | null | undefined, compact = false): string => {
      if (!amount) return '–';
      const digits = digitsOf(amount.currency);
      return (amount.minor / 10 ** digits).toLocaleString(locale, {
        style: 'currency',
        currency: amount.currency,
        currencyDisplay: 'narrowSymbol',
        ...(compact
          ? { notation: 'compact' as const, maximumFractionDigits: 1 }
          : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
      });
    },
    today: (daysFromNow = 0): string => dayIn(zone, daysFromNow),
    // A calendar day, YYYY-MM-DD, has no zone.
    day: (day: string | null | undefined): string => (day ? plainDays.format(new Date(`${day}T00:00:00Z`)) : '–'),
    longDay: (day: string): string => longDays.format(new Date(`${day}T00:00:00Z`)),
    date: (instant: string | null | undefined): string => (instant ? dates.format(new Date(instant)) : '–'),
    time: (instant: string | null | undefined): string => (instant ? times.format(new Date(instant)) : '–'),
    ago: (instant: string | null | undefined, now = Date.now()): string => {
      if (!instant) return '–';
      const seconds = (new Date(instant).getTime() - now) / 1000;
      for (const [unit, size] of kUnits) {
        if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
      }
      return rightNow;
    },
    bytes: (size: number): string => {
      const unit = size >= 1 << 20 ? 'megabyte' : 'kilobyte';
      return (size / (size >= 1 << 20 ? 1 << 20 : 1024)).toLocaleString(locale, {
        style: 'unit',
        unit,
        maximumFractionDigits: 1,
      });
    },
  };
}

const kDayMs = 86_400_000;

// The calendar day it is in the zone, so many days from now.
export function dayIn(zone: string, daysFromNow = 0, now = Date.now()): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(now + daysFromNow * kDayMs),
  );
}

// The instant at which the day begins in the zone.
export function startOf(day: string, zone: string): string {
  const utc = new Date(`${day}T00:00:00Z`).getTime();
  const there = (at: number) =>
    new Date(new Date(at).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T') + 'Z').getTime() - at;
  const guess = utc - there(utc);
  return new Date(utc - there(guess)).toISOString();
}

export type Formats = ReturnType<typeof formatsOf>;

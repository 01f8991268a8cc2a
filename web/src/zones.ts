// The time zones and currencies the browser knows, the usual ones of our users first.
const kFirstZones = ['Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Tokyo', 'Asia/Singapore', 'Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Los_Angeles'];
const kFirstCurrencies = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'TWD', 'JPY', 'SGD'];

export function timeZones(): string[] {
  return [...new Set([...kFirstZones, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}

export function currencies(): string[] {
  return [...new Set([...kFirstCurrencies, ...Intl.supportedValuesOf('currency')])];
}

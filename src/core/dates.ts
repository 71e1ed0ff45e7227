// Dates as YAML has them: '2027-01-31', '2027-01-31 12:00:00+02:00'. Without a zone they are UTC.

const DATE = /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(Z|z|[-+]\d\d?(?::?\d\d)?)?$/;

/** Epoch ms; undefined: it is none. */
export function epochOf(written: unknown): number | undefined {
  const match = DATE.exec(String(written).trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const local = Date.UTC(...parts, Number(fraction.slice(0, 3).padEnd(3, '0')));
  const read = new Date(local);
  if (read.getUTCMonth() !== parts[1] || read.getUTCDate() !== parts[2]) return undefined;
  const [, sign = '+', hours = '0', minutes = '0'] = /^([-+])(\d\d?):?(\d\d)?$/.exec(zone) ?? [];
  return local - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

// Dates and timestamps as DuckDB prints them, over its whole range. The driver's own text is wrong for the year 1 BC and
// for infinite dates. https://duckdb.org/docs/stable/sql/data_types/timestamp
const DAY = 86_400;

/** Days since 1970-01-01 to year, month, day of the proleptic Gregorian calendar (H. Hinnant, civil_from_days). */
function dateText(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const shown = year > 0 ? year : 1 - year;
  return `${pad(shown, 4)}-${pad(month)}-${pad(day)}${year > 0 ? '' : ' (BC)'}`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

const INFINITE_DAYS = 2_147_483_647;

export function dateFromDays(days: number): string {
  if (days === INFINITE_DAYS) return 'infinity';
  return days === -INFINITE_DAYS ? '-infinity' : dateText(days);
}

const INFINITE = 9_223_372_036_854_775_807n;

/** `units` since 1970-01-01, `perSecond` of them a second: 1, 10³, 10⁶ or 10⁹. */
export function timestampFrom(units: bigint, perSecond: bigint): string {
  if (units === INFINITE) return 'infinity';
  if (units === -INFINITE) return '-infinity';
  let seconds = units / perSecond;
  let rest = units % perSecond;
  if (rest < 0n) {
    rest += perSecond;
    seconds -= 1n;
  }
  // Seconds of the whole range are far below 2^53.
  const whole = Number(seconds);
  const days = Math.floor(whole / DAY);
  const ofDay = whole - days * DAY;
  const fraction =
    rest === 0n
      ? ''
      : `.${String(rest)
          .padStart(String(perSecond).length - 1, '0')
          .replace(/0+$/, '')}`;
  return `${dateText(days)} ${pad(Math.floor(ofDay / 3600))}:${pad(Math.floor((ofDay % 3600) / 60))}:${pad(ofDay % 60)}${fraction}`;
}

// Python's datetime, date and timedelta as far as templates use them. Times are naive or carry an offset; the clock is
// the moment at which the command began, so that a run is repeatable. https://docs.python.org/3/library/datetime.html
import { type HostObject, PyFloat, type TemplateValue } from '../template/types.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

const DAY = 86_400_000;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const numberOf = (args: Arguments, index: number, name: string, otherwise: number): number => {
  const value = args.get(index, name);
  if (value === undefined) return otherwise;
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  throw problemError({ code: 'template-arguments', message: `${name} should be a number` });
};

/** A length of time, in ms. */
export class TimedeltaValue implements HostObject {
  readonly kind = 'host' as const;
  readonly typeName = 'timedelta';
  constructor(readonly ms: number) {}
  names = (): Iterable<string> => ['days', 'seconds', 'microseconds', 'total_seconds'];
  get(name: string): TemplateValue | undefined {
    const days = Math.floor(this.ms / DAY);
    const rest = this.ms - days * DAY;
    if (name === 'days') return days;
    if (name === 'seconds') return Math.floor(rest / 1000);
    if (name === 'microseconds') return Math.round((rest % 1000) * 1000);
    if (name === 'total_seconds') return hostFunction(name, () => new PyFloat(this.ms / 1000));
    return undefined;
  }
  toText(): string {
    const days = Math.floor(this.ms / DAY);
    const seconds = Math.floor((this.ms - days * DAY) / 1000);
    const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
    return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
  }
  truth = (): boolean => this.ms !== 0;
  equals = (other: TemplateValue): boolean => other instanceof TimedeltaValue && other.ms === this.ms;
  compareTo = (other: TemplateValue): number | undefined => (other instanceof TimedeltaValue ? this.ms - other.ms : undefined);
  arithmetic(operator: string, other: TemplateValue, reflected: boolean): TemplateValue | undefined {
    if (other instanceof TimedeltaValue && operator === '+') return new TimedeltaValue(this.ms + other.ms);
    if (other instanceof TimedeltaValue && operator === '-') return new TimedeltaValue(reflected ? other.ms - this.ms : this.ms - other.ms);
    if (typeof other === 'number' && operator === '*') return new TimedeltaValue(this.ms * other);
    if (typeof other === 'number' && operator === '/' && !reflected) return new TimedeltaValue(this.ms / other);
    return undefined;
  }
}

/** ISO week of a day given as ms since the epoch: [year, week, weekday from 1 = Monday]. */
function isoWeek(ms: number): [number, number, number] {
  const weekday = ((new Date(ms).getUTCDay() + 6) % 7) + 1;
  const thursday = new Date(ms + (4 - weekday) * DAY);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return [thursday.getUTCFullYear(), Math.floor((thursday.getTime() - first) / DAY / 7) + 1, weekday];
}

const offsetText = (minutes: number, colon: string): string =>
  `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}${colon}${pad(Math.abs(minutes) % 60)}`;

/** Of the second; a fraction of a millisecond is one of `ms`. */
const microseconds = (ms: number): number => Math.round((ms - Math.floor(ms / 1000) * 1000) * 1000);

/** A moment on the calendar: `ms` counts as if the local clock were UTC; `offset` in minutes, undefined for naive times. */
export class DatetimeValue implements HostObject {
  readonly kind = 'host' as const;
  readonly typeName: 'datetime' | 'date';
  constructor(
    readonly ms: number,
    readonly dateOnly: boolean,
    readonly offset?: number,
  ) {
    this.typeName = dateOnly ? 'date' : 'datetime';
  }

  names = (): Iterable<string> => [...FIELDS.keys(), ...METHODS.keys()];
  get(name: string): TemplateValue | undefined {
    const field = FIELDS.get(name);
    if (field) return field(new Date(this.ms), this);
    const call = METHODS.get(name);
    return call && hostFunction(name, (args) => call(this, args));
  }
  toText(): string {
    return this.iso(' ');
  }
  iso(separator: string): string {
    const date = new Date(this.ms);
    const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
    if (this.dateOnly) return day;
    const fraction = microseconds(this.ms) === 0 ? '' : `.${pad(microseconds(this.ms), 6)}`;
    const zone = this.offset === undefined ? '' : offsetText(this.offset, ':');
    return `${day}${separator}${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}${fraction}${zone}`;
  }
  get instant(): number {
    return this.ms - (this.offset ?? 0) * 60_000;
  }
  equals = (other: TemplateValue): boolean =>
    other instanceof DatetimeValue && other.dateOnly === this.dateOnly && other.instant === this.instant;
  compareTo = (other: TemplateValue): number | undefined =>
    other instanceof DatetimeValue && other.dateOnly === this.dateOnly ? this.instant - other.instant : undefined;
  arithmetic(operator: string, other: TemplateValue, reflected: boolean): TemplateValue | undefined {
    if (other instanceof TimedeltaValue && (operator === '+' || (operator === '-' && !reflected))) {
      const length = this.dateOnly ? Math.floor(other.ms / DAY) * DAY : other.ms;
      return new DatetimeValue(this.ms + (operator === '+' ? length : -length), this.dateOnly, this.offset);
    }
    if (other instanceof DatetimeValue && operator === '-')
      return new TimedeltaValue(reflected ? other.instant - this.instant : this.instant - other.instant);
    return undefined;
  }
}

const FIELDS = new Map<string, (date: Date, self: DatetimeValue) => TemplateValue>([
  ['year', (date) => date.getUTCFullYear()],
  ['month', (date) => date.getUTCMonth() + 1],
  ['day', (date) => date.getUTCDate()],
  ['hour', (date) => date.getUTCHours()],
  ['minute', (date) => date.getUTCMinutes()],
  ['second', (date) => date.getUTCSeconds()],
  ['microsecond', (_, self) => microseconds(self.ms)],
  ['tzinfo', (_, self) => (self.offset === undefined ? null : self.offset === 0 ? 'UTC' : offsetText(self.offset, ':'))],
]);

const METHODS = new Map<string, (self: DatetimeValue, args: Arguments) => TemplateValue>([
  ['strftime', (self, args) => strftime(self, args.needText(0, 'format'))],
  ['isoformat', (self, args) => self.iso(args.text(0, 'sep') ?? 'T')],
  ['date', (self) => new DatetimeValue(Math.floor(self.ms / DAY) * DAY, true)],
  ['timestamp', (self) => new PyFloat(self.instant / 1000)],
  ['weekday', (self) => isoWeek(self.ms)[2] - 1],
  ['isoweekday', (self) => isoWeek(self.ms)[2]],
  ['isocalendar', (self) => isoWeek(self.ms)],
  [
    'replace',
    (self, args) => {
      const date = new Date(self.ms);
      const [year, month, day] = [
        numberOf(args, 0, 'year', date.getUTCFullYear()),
        numberOf(args, 1, 'month', date.getUTCMonth() + 1),
        numberOf(args, 2, 'day', date.getUTCDate()),
      ];
      const [hour, minute, second] = [
        numberOf(args, 3, 'hour', date.getUTCHours()),
        numberOf(args, 4, 'minute', date.getUTCMinutes()),
        numberOf(args, 5, 'second', date.getUTCSeconds()),
      ];
      const ms = numberOf(args, 6, 'microsecond', microseconds(self.ms)) / 1000;
      const zone = args.get(7, 'tzinfo');
      const changed = moment(year, month, day, hour, minute, second, ms);
      return zone === undefined ? new DatetimeValue(changed, self.dateOnly, self.offset) : inZoneOf(changed, zone);
    },
  ],
  ['astimezone', (self, args) => inZone(self.instant, zoneName(args.get(0, 'tz')))],
]);

/** Throws DwhError for a day that does not exist. */
function moment(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number {
  const value = Date.UTC(year, month - 1, day, hour, minute, second) + ms;
  const date = new Date(value);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    throw problemError({
      code: 'template-arguments',
      message: `there is no ${year}-${pad(month)}-${pad(day)} ${pad(hour)}:${pad(minute)}:${pad(second)}`,
    });
  }
  return value;
}

const STRFTIME = new Map<string, (date: Date, self: DatetimeValue) => string>([
  ['Y', (date) => pad(date.getUTCFullYear(), 4)],
  ['y', (date) => pad(date.getUTCFullYear() % 100)],
  ['m', (date) => pad(date.getUTCMonth() + 1)],
  ['d', (date) => pad(date.getUTCDate())],
  ['e', (date) => String(date.getUTCDate()).padStart(2)],
  ['H', (date) => pad(date.getUTCHours())],
  ['I', (date) => pad(date.getUTCHours() % 12 || 12)],
  ['p', (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM')],
  ['M', (date) => pad(date.getUTCMinutes())],
  ['S', (date) => pad(date.getUTCSeconds())],
  ['f', (_, self) => pad(microseconds(self.ms), 6)],
  ['j', (date) => pad(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1, 3)],
  ['a', (date) => (WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? '').slice(0, 3)],
  ['A', (date) => WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? ''],
  ['b', (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3)],
  ['B', (date) => MONTHS[date.getUTCMonth()] ?? ''],
  ['w', (date) => String(date.getUTCDay())],
  ['u', (date) => String(isoWeek(date.getTime())[2])],
  ['V', (date) => pad(isoWeek(date.getTime())[1])],
  ['G', (date) => String(isoWeek(date.getTime())[0])],
  ['F', (_, self) => new DatetimeValue(self.ms, true).iso('')],
  ['T', (_, self) => strftime(self, '%H:%M:%S')],
  ['z', (_, self) => (self.offset === undefined ? '' : offsetText(self.offset, ''))],
  ['Z', (_, self) => (self.offset === undefined ? '' : self.offset === 0 ? 'UTC' : `UTC${offsetText(self.offset, ':')}`)],
  ['s', (_, self) => String(Math.floor(self.instant / 1000))],
  ['%', () => '%'],
]);

const strftime = (self: DatetimeValue, format: string): string =>
  format.replace(/%(-?)([A-Za-z%])/g, (whole, dash: string, letter: string) => {
    const made = STRFTIME.get(letter)?.(new Date(self.ms), self);
    return made === undefined ? whole : dash === '-' ? made.replace(/^[0 ]+(?=.)/, '') : made;
  });

const STRPTIME: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  f: '(?<f>\\d{1,6})',
  y: '(?<y>\\d{2})',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  '%': '%',
  b: `(?<b>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  B: `(?<B>${MONTHS.join('|')})`,
};

function strptime(text: string, format: string): DatetimeValue {
  const pattern = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%([A-Za-z%])/g, (_, letter: string) => {
    const part = STRPTIME[letter];
    if (part === undefined)
      throw problemError({ code: 'template-arguments', message: `strptime: '%${letter}' is not a directive that can be read` });
    return part;
  });
  const groups = new RegExp(`^${pattern}$`, 'i').exec(text)?.groups;
  if (!groups) throw problemError({ code: 'template-arguments', message: `strptime: '${text}' does not have the form '${format}'` });
  const part = (name: string, otherwise: number): number => (groups[name] === undefined ? otherwise : Number(groups[name]));
  const named =
    MONTHS.findIndex(
      (name) => name.toLowerCase() === groups.B?.toLowerCase() || name.slice(0, 3).toLowerCase() === groups.b?.toLowerCase(),
    ) + 1;
  const year = groups.y === undefined ? part('Y', 1900) : part('y', 0) + (part('y', 0) < 69 ? 2000 : 1900);
  const ms = groups.f === undefined ? 0 : Number(groups.f.padEnd(6, '0')) / 1000;
  return new DatetimeValue(
    moment(year, named || part('m', 1), part('d', 1), part('H', 0), part('M', 0), part('S', 0), ms),
    false,
    offsetOf(groups.z),
  );
}

const offsetOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
};

function fromIso(text: string, dateOnly: boolean): DatetimeValue {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (!match) throw problemError({ code: 'template-arguments', message: `'${text}' is not a date in ISO form` });
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const ms = fraction === undefined ? 0 : Number(fraction.padEnd(6, '0')) / 1000;
  return new DatetimeValue(
    moment(Number(year), Number(month), Number(day), Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), ms),
    dateOnly,
    offsetOf(zone),
  );
}

/** The wall clock of a zone at an instant, by the zone data of the JavaScript engine. Throws DwhError for an unknown zone. */
export function inZone(instant: number, zone: string): DatetimeValue {
  if (zone === 'UTC') return new DatetimeValue(instant, false, 0);
  let parts: Intl.DateTimeFormatPart[];
  try {
    const options = {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    parts = new Intl.DateTimeFormat('en-US', options).formatToParts(new Date(instant));
  } catch (error) {
    throw problemError({
      code: 'template-arguments',
      message: `'${zone}' is not a time zone: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
    new Date(instant).getUTCMilliseconds(),
  );
  return new DatetimeValue(local, false, Math.round((local - instant) / 60_000));
}

/** The moment at which a zone's clock shows the given time; `tzinfo` null: a naive time. */
function inZoneOf(ms: number, tzinfo: TemplateValue): DatetimeValue {
  if (tzinfo === null) return new DatetimeValue(ms, false);
  const zone = zoneName(tzinfo);
  if (/^[+-]\d\d:\d\d$/.test(zone)) return new DatetimeValue(ms, false, offsetOf(zone));
  return localTime(ms, zone);
}

/** As pytz's localize(): its zones as tzinfo have the offset from before there were zones, -7:53 in Los Angeles. */
export function localTime(ms: number, zone: string): DatetimeValue {
  const guess = inZone(ms, zone).offset ?? 0;
  return new DatetimeValue(ms, false, inZone(ms - guess * 60_000, zone).offset);
}

const zoneName = (value: TemplateValue | undefined): string => {
  if (value === undefined || value === null) return 'UTC';
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && 'typeName' in value && value.typeName === 'timezone') return String(value.get('zone'));
  throw problemError({ code: 'template-arguments', message: 'a time zone is needed: modules.pytz.timezone(…)' });
};

export const datetimeValue = (epochMs: number): DatetimeValue => new DatetimeValue(epochMs, false, 0);

/** Members of `modules.datetime`. */
export function datetimeModule(now: number): Readonly<Record<string, TemplateValue>> {
  const today = (): DatetimeValue => new DatetimeValue(Math.floor(now / DAY) * DAY, true);
  const part = (args: Arguments, index: number, name: string, otherwise = 0): number => numberOf(args, index, name, otherwise);
  const datetimeClass: HostObject = {
    kind: 'host',
    typeName: 'datetime class',
    names: () => Object.keys(datetimeMembers),
    get: (name: string) => (Object.hasOwn(datetimeMembers, name) ? datetimeMembers[name] : undefined),
    call: hostFunction('datetime', (args) => {
      const [hour, minute, second, micro] = [
        part(args, 3, 'hour'),
        part(args, 4, 'minute'),
        part(args, 5, 'second'),
        part(args, 6, 'microsecond'),
      ];
      const day = [part(args, 0, 'year'), part(args, 1, 'month'), part(args, 2, 'day')] as const;
      return inZoneOf(moment(...day, hour, minute, second, micro / 1000), args.get(7, 'tzinfo') ?? null);
    }).call,
  };
  const datetimeMembers: Readonly<Record<string, TemplateValue>> = {
    now: hostFunction('now', (args) =>
      args.get(0, 'tz') === undefined ? new DatetimeValue(now, false) : inZone(now, zoneName(args.get(0, 'tz'))),
    ),
    utcnow: hostFunction('utcnow', () => new DatetimeValue(now, false)),
    today: hostFunction('today', () => new DatetimeValue(now, false)),
    strptime: hostFunction('strptime', (args) => strptime(args.needText(0, 'date_string'), args.needText(1, 'format'))),
    fromisoformat: hostFunction('fromisoformat', (args) => fromIso(args.needText(0, 'date_string'), false)),
    fromtimestamp: hostFunction('fromtimestamp', (args) => new DatetimeValue(Math.round(part(args, 0, 'timestamp') * 1000), false)),
    combine: hostFunction('combine', (args) => {
      const date = args.need(0, 'date');
      return date instanceof DatetimeValue ? new DatetimeValue(Math.floor(date.ms / DAY) * DAY, false) : null;
    }),
  };
  const dateMembers: Readonly<Record<string, TemplateValue>> = {
    today: hostFunction('today', today),
    fromisoformat: hostFunction('fromisoformat', (args) => fromIso(args.needText(0, 'date_string'), true)),
  };
  return {
    datetime: datetimeClass,
    date: {
      kind: 'host',
      typeName: 'date class',
      names: () => Object.keys(dateMembers),
      get: (name: string) => (Object.hasOwn(dateMembers, name) ? dateMembers[name] : undefined),
      call: hostFunction(
        'date',
        (args) => new DatetimeValue(moment(part(args, 0, 'year'), part(args, 1, 'month'), part(args, 2, 'day')), true),
      ).call,
    },
    timedelta: hostFunction('timedelta', (args) => {
      const [days, seconds, micro, ms] = [
        part(args, 0, 'days'),
        part(args, 1, 'seconds'),
        part(args, 2, 'microseconds'),
        part(args, 3, 'milliseconds'),
      ];
      const [minutes, hours, weeks] = [part(args, 4, 'minutes'), part(args, 5, 'hours'), part(args, 6, 'weeks')];
      return new TimedeltaValue((weeks * 7 + days) * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms + micro / 1000);
    }),
  };
}

const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-]\d\d(?::?\d\d)?|Z)?)?$/;

/** A date or time as a warehouse writes it; undefined: one that Python's calendar does not have (infinity, years of five digits). */
export function writtenDatetime(text: string): DatetimeValue | undefined {
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', zone] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0), Number(minute), Number(second));
  const micros = Number(fraction.padEnd(6, '0'));
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? [];
  const offset = zone === undefined ? undefined : sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes ?? 0));
  return new DatetimeValue(ms + micros / 1000, hour === undefined, offset);
}

// Functions of numbers, of dates and times, of types, and those that take anything.
import { page } from '../../rules/rule.ts';
import { type Signature, signatures } from './signature.ts';

export const numberFunctions: readonly Signature[] = [
  ...signatures(
    'scalar',
    page('Math_functions'),
    `
    abs(number) same
    acos(number) number
    asin(number) number
    atan(number) number
    atan2(number, number) number
    cbrt(number) number
    ceil(number) number
    ceiling(number) number
    cos(number) number
    cot(number) number
    degrees(number) number
    dexp(number) number
    dlog1(number) number
    dlog10(number) number
    exp(number) number
    floor(number) number
    ln(number) number
    log(number, number?) number
    mod(number, number) same
    pi() number
    pow(number, number) number
    power(number, number) number
    radians(number) number
    random() number
    round(number, integer?) same
    sign(number) number
    sin(number) number
    sqrt(number) number
    tan(number) number
    trunc(any, integer?) any
    `,
  ),
  ...signatures(
    'scalar',
    page('Date_functions_header'),
    `
    add_months(time, integer) time
    convert_timezone(text, text, time) time
    convert_timezone(text, time) time
    current_date() time
    date(any) time
    date_cmp(time, time) integer
    date_cmp_timestamp(time, time) integer
    date_cmp_timestamptz(time, time) integer
    date_part(part, any) number
    date_part_year(time) integer
    date_trunc(part, any) same
    dateadd(part, number, time) time
    datediff(part, time, time) integer
    extract(part, any) number
    getdate() time
    interval_cmp(any, any) integer
    last_day(time) time
    months_between(time, time) number
    next_day(time, text) time
    sysdate() time
    timeofday() text
    timestamp_cmp(time, time) integer
    timestamp_cmp_date(time, time) integer
    timestamp_cmp_timestamptz(time, time) integer
    timestamptz_cmp(time, time) integer
    timestamptz_cmp_date(time, time) integer
    timestamptz_cmp_timestamp(time, time) integer
    timezone(text, time) time
    `,
  ),
  ...signatures(
    'scalar',
    page('r_Data_type_formatting'),
    `
    to_char(any, text) text
    to_date(text, text, boolean?) time
    to_number(text, text) number
    to_timestamp(text, text, boolean?) time
    `,
  ),
  ...signatures(
    'scalar',
    page('c_conditional_expressions'),
    `
    coalesce(any, any…) any
    coalesce(any) any
    decode(any, any, any, any…) any
    decode(any, any, any) any
    greatest(any, any…) any
    greatest(any) any
    isnull(any, any) any
    least(any, any…) any
    least(any) any
    nullif(any, any) any
    nvl(any, any…) any
    nvl(any) any
    nvl2(any, any, any) any
    `,
  ),
];

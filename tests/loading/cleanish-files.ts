// Generators of JSON files that are mostly clean: one object a line, few shapes, values that fit; and now and then one that
// stands at the edge of what DuckDB reads as the exact reader does.
import fc from 'fast-check';

export const cleanishTable =
  'a:varchar(8) b:varchar c:smallint d:integer e:bigint f:double g:real h:decimal(9,3) i:boolean j:date k:timestamp l:timestamp_with_time_zone m:time n:json';

const oneOf = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

const whole = (digits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map(String);
const fraction = fc.tuple(whole(6), fc.integer({ min: 0, max: 999_999_999 })).map(([before, after]) => `${before}.${after}`);

const text = fc
  .array(oneOf('a', 'B', ' ', '0', 'é', '日', '😀', '\\"', '\\\\', '\\/', '\\n', '\\u0019', '\\u00e9', '\\ud83d\\ude00', "'", ','), {
    maxLength: 7,
  })
  .map((parts) => `"${parts.join('')}"`);
const quoted = (value: fc.Arbitrary<string>): fc.Arbitrary<string> => value.map((one) => `"${one}"`);

const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const dayText = fc.oneof(
  day.map((iso) => iso.slice(0, 10)),
  oneOf('2020-02-29', '1999-12-31', '0001-01-01'),
);
const clock = fc
  .tuple(fc.integer({ min: 0, max: 86_399 }), oneOf('', '.5', '.796', '.123456', '.000000', '.100'))
  .map(([seconds, micros]) => `${new Date(seconds * 1000).toISOString().slice(11, 19)}${micros}`);
const instant = (zone: string): fc.Arbitrary<string> =>
  fc.tuple(dayText, oneOf(' ', 'T'), clock, oneOf('', zone)).map(([date, between, time, end]) => `${date}${between}${time}${end}`);

/** What a producer writes, and once in a while an edge. */
const mostly = (usual: fc.Arbitrary<string>, ...edges: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 25, arbitrary: usual }, { weight: 1, arbitrary: oneOf(...edges) });

const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  a: mostly(text, '42', '0', '-7', 'true', '""', '"日本"', '"\\u00e9\\u00e9\\u00e9\\u00e9"', '12345678'),
  b: mostly(text, '123456789012345678', '-5', 'false', '""'),
  c: mostly(whole(4), '32767', '-32768', '1.0', '"5"', '-0'),
  d: fc.oneof(mostly(whole(9), '2147483647', '-2147483648', '"5"'), mostly(quoted(whole(9)), '""', '"-2147483648"', '"007"', '5')),
  e: fc.oneof(
    mostly(whole(18), '9223372036854775807', '-9223372036854775808', '-0', '1.0'),
    mostly(oneOf('1541077528796.0', '7.0'), '1.00', '5', '123456789012345.0'),
  ),
  f: fc.oneof(
    mostly(fraction, '0', '-0.0', '0.1', '166.94812', '12345678901234567', '123456789012345680000'),
    fc
      .double({ min: -1000, max: 1000, noNaN: true })
      .map((value) => JSON.stringify(value))
      .filter((token) => !token.includes('e') && token !== '-0'),
    mostly(quoted(fraction), '""', '"0.5"', '"-0"', '"-0.0"'),
    mostly(fraction, '1e5', '1e-7', '"1"'),
  ),
  g: mostly(fraction, '0.1', '16777217', '3.4e38', '0.30000001192092896', '1.00000017881393421514957253748434595763683319091796875'),
  h: fc.oneof(
    mostly(
      fc.tuple(whole(6), fc.integer({ min: 0, max: 999 })).map(([before, after]) => `${before}.${after}`),
      '0.001',
      '-0.5',
      '999999.999',
      '1.0050',
      '0.30',
    ),
    mostly(whole(6), '0', '1.5'),
    mostly(quoted(whole(5)), '"12.345"', '""'),
  ),
  i: mostly(oneOf('true', 'false'), '"true"', '1'),
  j: mostly(quoted(dayText), '""', '" 2020-01-01"'),
  k: mostly(quoted(instant('Z')), '""', '"2018-11-01 20:57:10+02"', '"2018-11-01"'),
  l: mostly(
    quoted(clock).chain((time) => dayText.map((date) => `"${date}T${time.slice(1, -1)}Z"`)),
    '""',
    '"2018-11-01 20:57:10+02"',
  ),
  m: mostly(quoted(clock), '""', '"12:30"'),
  n: mostly(oneOf('null'), '{"x":1}', '1'),
  'other key': fc.oneof(text, fraction, oneOf('{"a":[1,"x",null]}', '[]', '1e5', 'true')),
};

/** A file has one or two shapes, and with each key one kind of value, as files do. */
export const cleanishFile: fc.Arbitrary<Buffer> = fc
  .record({
    keys: fc.shuffledSubarray(Object.keys(values), { minLength: 1, maxLength: 8 }),
    spaced: fc.boolean(),
    lineEnd: oneOf('\n', '\n', '\r\n', '\n\n'),
    count: fc.integer({ min: 1, max: 30 }),
  })
  .chain(({ keys, spaced, lineEnd, count }) => {
    const member = (key: string) =>
      fc
        .oneof({ weight: 9, arbitrary: values[key] ?? oneOf('null') }, { weight: 2, arbitrary: oneOf('null') })
        .map((value) => `"${key}":${spaced ? ' ' : ''}${value}`);
    const line = fc.tuple(...keys.map(member)).map((members) => `{${members.join(spaced ? ', ' : ',')}}`);
    const shorter = fc.tuple(...keys.slice(1).map(member)).map((members) => `{${members.join(',')}}`);
    const lines = fc.array(fc.oneof({ weight: 6, arbitrary: line }, ...(keys.length > 1 ? [{ weight: 1, arbitrary: shorter }] : [])), {
      minLength: count,
      maxLength: count,
    });
    return fc.tuple(lines, fc.boolean()).map(([all, lastEnd]) => Buffer.from(all.join(lineEnd) + (lastEnd ? lineEnd : '')));
  });

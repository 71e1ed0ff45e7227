// Generators of JSON files with every kind of awkwardness: what producers write, what transport breaks.
import fc from 'fast-check';

const oneOf = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

export const numberToken = fc.oneof(
  {
    weight: 6,
    arbitrary: oneOf(
      '0',
      '-0',
      '1',
      '7',
      '-12',
      '42',
      '32767',
      '32768',
      '-32769',
      '1541105830796',
      '1.0',
      '2.50',
      '1e3',
      '12E+2',
      '5e-1',
      '15e-1',
      '100e-2',
    ),
  },
  {
    weight: 3,
    arbitrary: oneOf(
      ...['9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
      ...['1e400', '-1e400', '1e-400', '0e999', '1e18', '1e19', '0.1', '123.455', '-0.005', '9999.994', '9999.995', '0.30000000000000004'],
      ...['1541077528796.0', '12345678901234567890.5', '-0.0', '1e99999', '0.000000000000000000000000000001'],
    ),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String) },
);

const piece = fc.oneof(
  { weight: 5, arbitrary: oneOf('a', 'Z', ' ', '0', 'é', 'ß', '日', '😀', '\u007f', "'", ',', '{', '}', '[') },
  {
    weight: 3,
    arbitrary: oneOf(
      '\\"',
      '\\\\',
      '\\/',
      '\\n',
      '\\r',
      '\\t',
      '\\b',
      '\\f',
      '\\u0019',
      '\\u00e9',
      '\\u65E5',
      '\\ud83d\\ude00',
      '\\u0041',
      '\\u0022',
      '\\u005c',
      '\\u07ff',
      '\\u0800',
      '\\uFFFF',
      '\\udbff\\udfff',
    ),
  },
);
/** Byte sequences that are not UTF-8; in the text each stands as a private character, and is put in when it becomes bytes. */
const notUtf8 = [[0xff], [0xc3], [0xc1, 0x81], [0xe0, 0x9f, 0x80], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf]].concat(
  [[0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0x80], [0]],
);
const stand = (index: number): string => String.fromCharCode(0xe000 + index);
const bytesOf = (text: string): Buffer =>
  Buffer.concat(text.split(/([\ue000-\ue0ff])/).map((part) => Buffer.from(notUtf8[part.charCodeAt(0) - 0xe000] ?? Buffer.from(part))));

const brokenPiece = oneOf(
  ...notUtf8.map((_, index) => stand(index)),
  '\\udc00\\udc00',
  '\\u0000',
  '\\ud800',
  '\\udc00x',
  '\\ud800\\ud83d\\ude00',
  '\\ud83d\\u0041',
  '\\ud800\\u0000',
);
const malformedPiece = oneOf('\\x', '\\u12', '\\', '\n', '\t', '\u0001');

const stringOf = (pieces: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(pieces, { maxLength: 9 }).map((parts) => `"${parts.join('')}"`);

export const stringToken = fc.oneof(
  { weight: 5, arbitrary: stringOf(piece) },
  { weight: 3, arbitrary: numberToken.map((token) => `"${token}"`) },
  {
    weight: 3,
    arbitrary: oneOf(
      ...['""', '" "', '" 12 "', '"+5"', '"\\t7\\n"', '"007"', '"12abc"', '"1_000"', '"0x10"', '".5"', '"5."', '"1,5"', '"NaN"', '"١"'],
      ...[
        '"true"',
        '"F"',
        '"YES"',
        '"maybe"',
        '"2018-11-30"',
        '"2018-02-29"',
        '"2020-02-29"',
        '"0000-01-01"',
        '" 2018-01-01 "',
        '"2018-1-1"',
      ],
    ),
  },
  { weight: 1, arbitrary: stringOf(fc.oneof({ weight: 4, arbitrary: piece }, { weight: 1, arbitrary: brokenPiece })) },
);

/** Strings around the lengths of short columns, of one kind of character or of all; bytes as Latin-1, not all of them UTF-8. */
export const looseString: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 3, arbitrary: fc.constant(piece) },
    { weight: 3, arbitrary: fc.constant(oneOf('a', '\\n')) },
    { weight: 2, arbitrary: fc.constant(oneOf('é', '日', '😀', '\\u65E5', '\\ud83d\\ude00', 'a')) },
    {
      weight: 2,
      arbitrary: fc.constant(
        fc.oneof(
          { weight: 6, arbitrary: piece },
          { weight: 1, arbitrary: oneOf('\\u0000', '\\ud800', '\\uDFFF', '\\ud83d\\u0041', ...notUtf8.map((_, index) => stand(index))) },
        ),
      ),
    },
  )
  .chain((pieces) => fc.array(pieces, { maxLength: 45, size: 'max' }))
  .chain((parts) => fc.integer({ min: 0, max: 50 }).map((length) => bytesOf(`"${parts.slice(0, length).join('')}"`).toString('latin1')));

const scalar = fc.oneof(
  { weight: 4, arbitrary: stringToken },
  { weight: 4, arbitrary: numberToken },
  { weight: 2, arbitrary: oneOf('null', 'true', 'false') },
);
const blank = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oneOf(' ', '\t', '  ') });
const looseBlank = fc.oneof({ weight: 6, arbitrary: blank }, { weight: 1, arbitrary: oneOf('\n', '\r\n', '\n  ', ' \n\n') });

const nested = fc.oneof(
  oneOf(
    '[]',
    '{}',
    '[1,2]',
    '{"x":[1,"2"]}',
    '{"x":[1,"2"],"x":7}',
    '{"x":[1,{"y":null}]}',
    '{"x":7,"x":["a",9]}',
    '[[[{"x":[0,1]}]]]',
    '{"x":[]}',
    '[ 1 , "b" ]',
  ),
  fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
);

const key = fc.oneof(
  { weight: 9, arbitrary: oneOf('"a"', '"b"', '"c"', '"d"', '"e"', '"f"', '"n"') },
  { weight: 2, arbitrary: oneOf('"A"', '"B"', '"z"', '"\\u0061"', '""', '"zażółć"', '"a\\"b"', '"__proto__"', '"constructor"') },
  { weight: 1, arbitrary: stringToken },
);

/** Mostly what the column of that key takes, so that whole records are rows too. */
const fitting: Readonly<Record<string, fc.Arbitrary<string>>> = {
  '"a"': stringOf(piece),
  '"b"': fc.oneof(
    numberToken.filter((token) => /^-?[0-9]+$/.test(token)),
    oneOf('"12"', '" -7 "', '"+5"', '1.0', '1e3', '"007"', '""'),
  ),
  '"c"': numberToken,
  '"d"': oneOf('1', '-1.005', '1.005', '0.014', '12.3', '"9999.994"', '9999.99', '-0.004', '1e2', '"+0.5"'),
  '"e"': oneOf('true', 'false', '"t"', '"No"', '0', '1'),
  '"f"': oneOf('"2018-11-30"', '"2020-02-29"', '" 2018-01-01 "', '""'),
};

export const objectOf = (between: fc.Arbitrary<string>): fc.Arbitrary<string> => {
  const anything = fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 1, arbitrary: nested });
  const member = key.chain((name) =>
    fc.tuple(
      between,
      fc.constant(name),
      between,
      between,
      fc.oneof({ weight: 9, arbitrary: fitting[name] ?? anything }, { weight: 1, arbitrary: anything }),
      between,
    ),
  );
  return fc
    .array(member, { maxLength: 7 })
    .map((members) => `{${members.map(([a, name, b, c, value, d]) => `${a}${name}${b}:${c}${value}${d}`).join(',')}}`);
};

const malformed = fc.oneof(
  oneOf(
    '{',
    '}',
    '{"a":1',
    '{"a":}',
    '{"a" 1}',
    "{'a':1}",
    '{"a":1,}',
    '{a:1}',
    '[{"a":1}]',
    '"text"',
    '12',
    'null',
    '{"a":01}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":tru}',
    '{"a":nul',
    '{"a":falsy}',
    '{"a":NaN}',
    '<html>',
    '{"a":"x',
    '{"n":[1,',
    '{"n":{"x":',
    'a,b,c',
  ),
  stringOf(fc.oneof({ weight: 4, arbitrary: piece }, { weight: 1, arbitrary: malformedPiece })).map((token) => `{"a":${token}}`),
);

const line = fc.oneof(
  { weight: 10, arbitrary: objectOf(blank) },
  { weight: 3, arbitrary: objectOf(looseBlank) },
  { weight: 2, arbitrary: fc.array(objectOf(blank), { minLength: 2, maxLength: 3 }).map((objects) => objects.join('')) },
  { weight: 2, arbitrary: fc.tuple(objectOf(blank), oneOf(' ', ' ,', ' x', '\t{', ']')).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: malformed },
  { weight: 1, arbitrary: oneOf('', ' ', '\t', '\r', '{}', '{ }') },
);

/** Bytes that no text has, put somewhere. */
const damage = fc.record({
  where: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.constantFrom(
    [0],
    [0xff],
    [0xc3],
    [0xed, 0xa0, 0x80],
    [0xc0, 0xaf],
    [0xf5, 0x80, 0x80, 0x80],
    [0xe2, 0x82],
    [0x80],
    [0xf0, 0x9f, 0x98],
    [0x22],
    [0x0a],
    [0xef, 0xbb, 0xbf],
  ),
});

export const awkwardFile: fc.Arbitrary<Buffer> = fc
  .record({
    lines: fc.array(fc.tuple(line, oneOf('\n', '\n', '\n', '\r\n')), { maxLength: 12 }),
    bom: fc.integer({ min: 0, max: 9 }),
    lastEnd: fc.boolean(),
    damages: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(damage, { maxLength: 3 }) }),
  })
  .map(({ lines, bom, lastEnd, damages }) => {
    const text = lines.map(([content, end], index) => content + (index === lines.length - 1 && !lastEnd ? '' : end)).join('');
    let bytes = bytesOf((bom === 0 ? '\ufeff' : '') + text);
    for (const { where, bytes: inserted } of damages) {
      const place = Math.floor(where * bytes.length);
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(inserted), bytes.subarray(place)]);
    }
    return bytes;
  });

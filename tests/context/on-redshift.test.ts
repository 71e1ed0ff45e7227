// What the cross-database macros write for Redshift: its grammar takes each. Those whose answers the stand-in can give are in
// tests/conformance.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output, project } from '../support/fixture.ts';

const test = suite('context: cross-database macros on Redshift');

const PARTS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'];

/** An expression over the columns of `things`, and words that its SQL has; undefined: what the macro writes is the same everywhere. */
const CASES: readonly (readonly [expression: string, words?: string])[] = [
  ["dbt.any_value('name')", 'any_value(name)'],
  ["dbt.array_append(dbt.array_construct(['1']), '2')", 'array_concat(array(1), array(2))'],
  ["dbt.array_concat(dbt.array_construct(['1']), dbt.array_construct([]))", 'array_concat(array(1), array())'],
  ["dbt.array_construct(['1', '2'])", 'array(1, 2)'],
  ["dbt.bool_or('n > 1')"],
  ["dbt.cast('name', dbt.type_numeric())"],
  ["dbt.cast('n', dbt.type_float())"],
  ["dbt.cast('n', dbt.type_bigint())"],
  ["dbt.cast('name', dbt.type_timestamp())"],
  ["dbt.cast('n', dbt.type_boolean())"],
  ["dbt.cast_bool_to_text('flag')", "when not flag then 'false'"],
  ["dbt.concat(['name', \"'-'\", 'name'])"],
  ['dbt.current_timestamp()', 'getdate()'],
  ['dbt.current_timestamp_in_utc()', 'getdate()'],
  ['dbt.date(2024, 2, 29)'],
  ...PARTS.map((part) => [`dbt.dateadd('${part}', -3, 'moment')`, `dateadd(${part}, -3, moment)`] as const),
  ...PARTS.map((part) => [`dbt.datediff('moment', 'other', '${part}')`, `datediff(${part}, moment, other)`] as const),
  ...PARTS.map((part) => [`dbt.date_trunc('${part}', 'moment')`] as const),
  ["dbt.equals('name', 'null')"],
  ["'1 as a ' ~ dbt.except() ~ ' select 2'"],
  ["'1 as a ' ~ dbt.intersect() ~ ' select 2'"],
  ['dbt.string_literal(dbt.escape_single_quotes("it\'s"))', "it''s"],
  ["dbt.hash('name')", 'md5(cast(name as varchar(max)))'],
  ["dbt.last_day('moment', 'month')"],
  ["dbt.last_day('moment', 'quarter')", 'dateadd(quarter, 1, '],
  ["dbt.length('name')"],
  ["dbt.listagg('name')", "listagg(name, ',')"],
  ["dbt.listagg('distinct name', \"'|'\", 'order by name')", 'within group (order by name)'],
  ["dbt.listagg('name', \"'|'\", 'order by name', 3)", '[|]){0,2}'],
  ["dbt.listagg('name', \"', '\", 'order by name', 3)", 'split_part('],
  ["dbt.position(\"'a'\", 'name')"],
  ["dbt.replace('name', \"'a'\", \"'b'\")"],
  ["dbt.right('name', 2)", 'case when 2 = 0'],
  ["dbt.safe_cast('name', dbt.type_int())"],
  ["dbt.split_part('name', \"'|'\", 2)"],
  ["dbt.split_part('name', \"'|'\", -1)", 'length(name) - length(replace(name'],
  ["'1 from (' ~ dbt.generate_series(20) ~ ') as s cross join'"],
];

const THINGS =
  "select 1 as n, 'a' as name, true as flag, cast('2024-01-02' as timestamp) as moment, cast('2024-01-02' as timestamp) as other";
const name = (index: number): string => `m${String(index).padStart(3, '0')}`;

test('each is taken by its grammar, and what Postgres alone has is not', async () => {
  const control = ["'string_agg(name, chr(44))'", 'string_agg'] as const;
  const all = [...CASES, control];
  const shop = await project({
    'project.yml': 'name: shop\nmodels:\n  +materialized: table\n',
    'models/things.sql': THINGS,
    ...Object.fromEntries(
      all.map(([expression], index) => [
        `models/${name(index)}.sql`,
        `{% set written = ${expression} %}{{ log('${name(index)} ' ~ written, info=true) if execute }}\nselect {{ written }} ${expression.includes(' as a ') ? '' : `${expression.includes('cross join') ? '' : 'as v from'} {{ ref('things') }}`}`,
      ]),
    ),
  });
  const events = await shop.run('lint', { output: 'json', lint: { dialect: 'redshift', files: [], fix: false, listRules: false } });
  const { statements } = JSON.parse(output(events)) as { statements: { file: string; findings: { severity: string; rule: string }[] }[] };
  const written = events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  for (const [index, [expression, words]] of all.entries()) {
    const found = statements.filter(({ file }) => file.includes(name(index)));
    assert.is(found.length, 1, expression);
    const errors = found.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule));
    assert.equal(errors, index === CASES.length ? ['unknown-function'] : [], expression);
    if (words === undefined) continue;
    const text = written.find((message) => message.startsWith(name(index))) ?? '';
    assert.ok(text.includes(words), `${expression} writes ${text}`);
  }
});

test.run();

// What a column's type is to templates, and the names that the macros give to types.
import * as assert from 'uvu/assert';
import { output } from '../support/fixture.ts';
import { config, type Shop, type Theme } from './shop.ts';

/** Type as it is written, and which of is_integer, is_float, is_numeric, is_string and is_number hold. */
const TYPES: readonly [string, string, string][] = [
  ['smallint', '7', 'integer number'],
  ['integer', '7', 'integer number'],
  ['bigint', '7', 'integer number'],
  ['real', '1.5', 'float number'],
  ['double precision', '1.5', 'float number'],
  ['numeric(12, 4)', '1.5', 'numeric number'],
  ['varchar(20)', "'a'", 'string'],
  ['date', "'2024-02-29'", ''],
  ['timestamp', "'2024-02-29 10:00:00'", ''],
  ['boolean', 'true', ''],
];
const KINDS = ['integer', 'float', 'numeric', 'string', 'number'];

const MACROS = ['bigint', 'boolean', 'float', 'int', 'numeric', 'string', 'timestamp'];
const VALUES: Readonly<Record<string, string>> = { boolean: 'true', string: "'a'", timestamp: "'2024-02-29 10:00:00'" };

const ask = async (shop: Shop, inline: string): Promise<string> => output(await shop.run('compile', { inline })).trim();

export const columnTypes: Theme = (scenario, { adapter: { dialect } }) => {
  scenario('columns of a table know what they hold: integers, floats, decimals, texts', async (open) => {
    const columns = TYPES.map(([type, value], n) => `cast(${value} as ${type}) as c${n}`);
    const shop = await open({ 'models/kinds.sql': `${config('table')}select ${columns.join(', ')}` });
    await shop.succeeds('run');
    const told = await ask(
      shop,
      `{%- for c in adapter.get_columns_in_relation(ref('kinds')) %}{% for kind, holds in {${KINDS.map((kind) => `'${kind}': c.is_${kind}()`).join(', ')}}.items() %}{{ kind ~ ' ' if holds }}{% endfor %}|{% endfor %}`,
    );
    const wanted = TYPES.map(([, , kinds]) => kinds);
    assert.equal(
      told
        .split('|')
        .slice(0, -1)
        .map((kinds) => kinds.trim()),
      wanted,
    );
    const sizes = await ask(
      shop,
      "{%- set c = adapter.get_columns_in_relation(ref('kinds')) -%}{{ c[5].numeric_precision }} {{ c[5].numeric_scale }} {{ c[1].quoted }} {{ api.Column.create('x', 'text').name }}",
    );
    assert.is(sizes, `12 4 ${dialect.quote('c1')} x`);
    if (dialect.name !== 'duckdb') assert.is(await ask(shop, "{{ adapter.get_columns_in_relation(ref('kinds'))[6].string_size() }}"), '20');
  });

  scenario('the macros that name types name those of the warehouse', async (open) => {
    const columns = MACROS.map((name) => `cast(${VALUES[name] ?? '1'} as {{ dbt.type_${name}() }}) as ${name}_macro`);
    const shop = await open({ 'models/named.sql': `${config('table')}select ${columns.join(', ')}` });
    await shop.succeeds('run');
    const types = {
      duckdb: 'BIGINT BOOLEAN FLOAT INTEGER DECIMAL(28,6) VARCHAR TIMESTAMP',
      postgres: 'bigint boolean double precision integer numeric(28,6) text timestamp without time zone',
      redshift: 'bigint boolean double precision integer numeric(28,6) character varying(65535) timestamp without time zone',
    }[dialect.name];
    const told = await ask(shop, "{{ adapter.get_columns_in_relation(ref('named')) | map(attribute='data_type') | join(' ') }}");
    assert.is(told, types);
  });

  scenario('a column that becomes wider: texts grow with what is added to them, and what others hold stays', async (open) => {
    const text = (of: string, size: number): string => `select cast('${of}' as varchar(${size})) as name`;
    const shop = await open({ 'models/added.sql': config('incremental') + text('ab', 2) });
    await shop.succeeds('run');
    await shop.write('models/added.sql', config('incremental', "on_schema_change='sync_all_columns'") + text('abcdef', 10));
    await shop.succeeds('run');
    assert.equal(await shop.table('added'), [['ab'], ['abcdef']]);
  });
};

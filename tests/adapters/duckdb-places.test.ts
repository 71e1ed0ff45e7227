import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, project, results } from '../support/fixture.ts';

const test = suite('duckdb: errors stand on the line of the model');

async function problemOf(shop: Fixture, node: string): Promise<readonly [place: string, message: string, hint: string | undefined]> {
  const result = results(await shop.run('run')).get(`model.shop.${node}`);
  const at = result?.problem?.at;
  return [`${at?.file}:${at?.line}:${at?.column}`, result?.problem?.message ?? '', result?.problem?.hint];
}

/** Lines of the compiled file are not the model's: a loop writes three of one, a macro two, and a block none. */
const model = (last: string): string => `{%- set columns = ['a', 'b', 'c'] -%}
{# nothing #}
select
  {% for column in columns %}
  1 as {{ column }},
  {% endfor %}
  {{ two_columns() }},
  'ünï 😀' as text, ${last}
`;

const files = (last: string): Record<string, string> => ({
  'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
  'macros/two.sql': '{% macro two_columns() %}2 as d,\n2 as e{% endmacro %}',
  'models/orders.sql': model(last),
});

test('a name that is not there, behind text that is not ASCII', async () => {
  const [place, message, hint] = await problemOf(await project(files('no_such_function(1) as f')), 'orders');
  assert.is(place, 'models/orders.sql:8:21');
  assert.match(message, 'no_such_function');
  assert.is(hint, undefined);
});

test('a column, a word that is no SQL, and a value that cannot be cast', async () => {
  const column = await problemOf(await project(files('amont from (select 1 as amount)')), 'orders');
  assert.equal([column[0], column[2]], ['models/orders.sql:8:21', "Did you mean 'amount'?"]);
  const word = await problemOf(await project(files('1 as f\n  frm t')), 'orders');
  assert.is(word[0], 'models/orders.sql:9:3');
  const value = await problemOf(await project(files("cast('x' as integer) as f")), 'orders');
  assert.match(value[1], /Could not convert string 'x'/);
  assert.match(value[0], /^models\/orders\.sql:8:/);
});

test('what a macro wrote stands where it was called', async () => {
  const shop = await project({ ...files('1 as f'), 'macros/two.sql': '{% macro two_columns() %}2 as d,\nnot_there as e{% endmacro %}' });
  assert.is((await problemOf(shop, 'orders'))[0], 'models/orders.sql:7:6');
});

test.run();

// query-comment: what the server is told with each statement. A statement that keeps its own text shows it.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, type Shop, type Theme } from './shop.ts';

const OWN = 'select current_query() as q';

export const queryComments: Theme = (scenario, { name }) => {
  // Nothing on Redshift tells a statement its own text.
  if (name === 'redshift') return;
  const models = {
    'models/orders.sql': config('table') + OWN,
    'models/shown.sql': `${config('table', 'post_hook="create table analytics.hooked as select current_query() as q"')}select cast({{ dbt.string_literal(run_query('select current_query()').columns[0].values()[0] if execute else '') }} as text) as q`,
    'macros/said.sql':
      "{% macro said(node) %}{% do return('for ' ~ node.name ~ node.no_such ~ ' by ' ~ target.target_name) %}{% endmacro %}",
  };
  const texts = async (shop: Shop): Promise<readonly string[]> => {
    await shop.rows('drop table if exists hooked');
    await shop.succeeds('run');
    return [
      ...(await shop.rows('select q from orders')),
      ...(await shop.rows('select q from shown')),
      ...(await shop.rows('select q from hooked')),
    ].map(([text]) => text ?? '');
  };
  const commented = (text: string, said: (text: string) => void): void =>
    scenario(text, async (open) => {
      const shop = await open(models, { project: text });
      for (const one of await texts(shop)) said(one);
    });

  scenario('by default it is JSON: who runs what', async (open) => {
    const shop = await open(models);
    const said = (await texts(shop)).map((text) => JSON.parse(/^\/\* (.*) \*\/\n/.exec(text)?.[1] ?? text));
    for (const one of said)
      assert.equal(
        { ...one, dwh_version: '', dbt_version: '', node_id: '' },
        {
          app: 'dwh',
          dwh_version: '',
          dbt_version: '',
          profile_name: 'shop',
          target_name: said[0].target_name,
          node_id: '',
        },
      );
    assert.equal(
      said.map(({ node_id }) => node_id),
      ['model.shop.orders', 'model.shop.shown', 'model.shop.shown'],
    );
    // What is shown of it has none.
    assert.not.match(await shop.read('target/run/shop/models/orders.sql'), '/*');
  });

  commented('query-comment: \'run by {{ project_name }}, {{ connection_name.split(".") | length }}\'\n', (text) =>
    assert.match(text, /^\/\* run by shop, 3 \*\/\n/),
  );
  commented('query-comment: {comment: "{{ said(node) }}", append: true, job-label: true}\n', (text) =>
    assert.match(text, /\n\/\* for (orders|shown) by \w+ \*\/;?$/),
  );
  commented('query-comment: |\n  {{ return("x" ~ 1) }}\n', (text) => assert.match(text, /^\/\* x1 \*\//));
  for (const nothing of [
    'query-comment: null\n',
    "query-comment: ''\n",
    'query-comment: "{% if false %}x{% endif %}"\n',
    "query-comment: {comment: ''}\n",
  ])
    commented(nothing, (text) => assert.not.match(text, '/*'));

  scenario(
    'a text that would end the comment is refused; one that cannot be rendered has its line; so has an error of the query',
    async (open) => {
      const wrong = async (project: string, sql = OWN): Promise<readonly unknown[]> => {
        const shop = await open({ 'models/orders.sql': `${config('table')}\n${sql}` }, { project });
        const { problem } = results(await shop.run('run')).get('model.shop.orders' as never) ?? {};
        return problem ? [problem] : [];
      };
      for (const mark of ['*/', '/*'])
        hasProblem((await wrong(`query-comment: 'a ${mark} b'\n`)) as never, { code: 'query-comment', message: mark, at: 'project.yml:3' });
      for (const [text, at, message] of [
        ["query-comment: '{{ no_such }}'\n", '3:20', 'no_such'],
        ["query-comment: 'by {{ no_such }}'\n", '3:23', 'no_such'],
        ['query-comment:\n  comment: "by {{ no_such }}"\n', '4:19', 'no_such'],
        ['query-comment: |\n  by {{ no_such }}\n', '4:9', 'no_such'],
        ["query-comment: 'by {% if x %}'\n", '3:20', 'if'],
        ["query-comment: 'by {% endmacro %}'\n", '3:20', 'endmacro'],
      ] as const)
        hasProblem((await wrong(text)) as never, { message, at: `project.yml:${at}` });
      for (const more of ['', 'query-comment: {append: true}\n'])
        hasProblem((await wrong(more, 'select 1 as id,\n  no_such_column')) as never, {
          message: 'no_such_column',
          at: 'models/orders.sql:4:3',
        });
      const shop = await open({ 'models/orders.sql': OWN }, { project: 'query-comment: [a]\n' });
      await shop.run('run').then(
        () => assert.unreachable(),
        (error: Error) => assert.match(error.message, 'query-comment'),
      );
    },
  );
};

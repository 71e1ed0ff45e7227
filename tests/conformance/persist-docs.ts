// persist_docs: descriptions as comments, of every kind of relation, written in the transaction that publishes it.
import * as assert from 'uvu/assert';
import { columnComments, relationComment } from './comments.ts';
import { config, queryOf, type Theme } from './shop.ts';
import { standInOf } from './warehouses.ts';

const DOCS = "persist_docs={'relation': true, 'columns': true}";
const AWKWARD = `It's "all"; $$ $dbt$ \\ /* no */ -- end\nläuft {{ '{{' }} ☃`;
const described = AWKWARD.replace("{{ '{{' }}", '{{');

/** YAML in double quotes. */
const yaml = (text: string): string => JSON.stringify(text);

export const persistDocs: Theme = (scenario, { name, keepsCase }) => {
  const [relation, columns] = [relationComment(name), columnComments(name)];
  const materialized = ['table', 'view', 'incremental', ...(name === 'postgres' ? ['materialized_view'] : [])];

  scenario('comments on relations and columns, whatever stands in them, of each kind, by run and by build', async (open) => {
    const shop = await open(
      {
        ...Object.fromEntries(materialized.map((kind) => [`models/${kind}s.sql`, config(kind, DOCS) + queryOf({ id: 1, name: 'a' })])),
        'models/silent.sql': config('table') + queryOf({ id: 1 }),
        'models/docs.yml': `models:\n${[...materialized.map((kind) => `${kind}s`), 'silent']
          .map(
            (model) => `  - name: ${model}
    description: ${yaml(AWKWARD)}
    columns:
      - {name: id, description: ${yaml(AWKWARD)}, data_tests: [not_null]}
      - {name: NAME, description: "by another case"}
      - {name: no_such, description: "not there"}
`,
          )
          .join('')}`,
        'seeds/rates.csv': 'code,rate\nEUR,1\n',
        'seeds/rates.yml': `seeds:\n  - name: rates\n    description: of today\n    config: {persist_docs: {relation: true, columns: true}}\n    columns: [{name: code, description: ISO}]\n`,
        'snapshots/kept.yml': `snapshots:
  - name: kept
    relation: ref('tables')
    description: versions
    config: {unique_key: id, strategy: check, check_cols: all, persist_docs: {relation: true, columns: true}}
    columns: [{name: id, description: the key}]
`,
      },
      {},
    );
    for (const command of ['build', 'build', 'run']) {
      await shop.succeeds(command);
      for (const kind of materialized) {
        assert.equal(await relation(shop, `${kind}s`), described, `${kind} ${command}`);
        assert.equal(await columns(shop, `${kind}s`), { id: described, name: 'by another case' }, `${kind} ${command}`);
      }
      assert.equal([await relation(shop, 'silent'), await columns(shop, 'silent')], [null, {}]);
      assert.equal([await relation(shop, 'rates'), await columns(shop, 'rates')], ['of today', { code: 'ISO' }]);
      assert.equal([await relation(shop, 'kept'), await columns(shop, 'kept')], ['versions', { id: 'the key' }]);
    }
  });

  if (keepsCase || name === 'duckdb')
    scenario('a column with quote: true is meant as it is written; an empty description takes the comment away', async (open) => {
      const shop = await open({ 'models/orders.sql': `${config('incremental', DOCS)}select 1 as id, 2 as "Name"` });
      const describe = (id: string): Promise<unknown> =>
        shop.write(
          'models/orders.yml',
          `models: [{name: orders, description: d, columns: [{name: id, description: "${id}"}, {name: Name, quote: true, description: q}, {name: NAME, quote: true, description: other}]}]`,
        );
      await describe('the key');
      await shop.succeeds('run');
      assert.equal(await columns(shop, 'orders'), { id: 'the key', Name: 'q' });
      await describe('');
      await shop.succeeds('run');
      assert.equal(await columns(shop, 'orders'), { Name: 'q' });
    });

  if (name === 'redshift')
    scenario('a view is bound when comments on its columns are asked for; with bind: false there are none', async (open) => {
      const view = (more: string): string => config('view', more) + queryOf({ id: 1 });
      const shop = await open({
        'models/late.sql': view(''),
        'models/told.sql': view(DOCS),
        'models/never.sql': view(`${DOCS}, bind=false`),
        'models/docs.yml': `models:
${['late', 'told', 'never'].map((one) => `  - {name: ${one}, description: d, columns: [{name: id, description: c}]}\n`).join('')}`,
      });
      await shop.succeeds('run');
      const { transcript } = standInOf(shop.target);
      const late = (model: string): boolean =>
        transcript.some(({ sql }) => sql.includes(`"${model}__dwh_next" as`) && sql.includes('with no schema binding'));
      assert.equal(['late', 'told', 'never'].map(late), [true, false, true]);
      assert.equal([await columns(shop, 'told'), await relation(shop, 'never')], [{ id: 'c' }, 'd']);
    });
};

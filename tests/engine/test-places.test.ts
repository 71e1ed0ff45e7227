import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, results } from '../support/fixture.ts';

const test = suite('engine: where a data test went wrong');

/** The code and place of what is wrong with a model's only test. */
async function placeOf(entry: string, macro = ''): Promise<string> {
  const shop = copyFixture('shop');
  await shop.write('models/odd.sql', 'select 1 as one');
  await shop.run('run', { select: 'odd' });
  await shop.write('macros/odd.sql', macro);
  await shop.write('models/odd.yml', `# one\n# two\nmodels:\n  - name: odd\n    data_tests:\n      - ${entry}\n`);
  const [result] = results(await shop.run('test', { select: 'odd' })).values();
  const { at, code } = result?.problem ?? {};
  return `${code} ${at?.file}:${at?.line}:${at?.column}`;
}

test('a test of the project that the database refuses: at its entry', async () => {
  const macro = '{% test odd_rows(model) %}\nselect no_such_column from {{ model }}\n{% endtest %}';
  assert.is(await placeOf('odd_rows', macro), 'database-error models/odd.yml:6:9');
});

test('a test of dwh that the database refuses: at its entry', async () => {
  assert.is(await placeOf('expression_is_true: {expression: no_such_column > 1}'), 'database-error models/odd.yml:6:9');
});

test.run();

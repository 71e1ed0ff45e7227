// The YAML and SQL that the pages show is taken as it stands, without a word about an unknown key.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import type { Problem } from '../../src/core/problem.ts';
import { readYaml } from '../../src/project/yaml.ts';
import { copyFixture, type Fixture, output, statuses } from '../support/fixture.ts';
import { pages } from './pages.ts';

const test = suite('docs: blocks of YAML and SQL');

const blocks = (language: string): readonly { readonly at: string; readonly text: string }[] =>
  pages.flatMap(({ file, blocks: all }) =>
    all.filter((block) => block.language === language).map(({ line, text }) => ({ at: `${file}:${line}`, text })),
  );

const problemsOf = (events: readonly Event[]): readonly Problem[] =>
  events.flatMap((event) => (event.type === 'problems' ? event.problems : []));

/** The shop with nothing described, so that a block may describe its models. */
async function shop(): Promise<Fixture> {
  const fixture = copyFixture('shop');
  for (const file of ['models/marts/marts.yml', 'models/staging/staging.yml', 'models/marts/docs.md']) await fixture.remove(file);
  await fixture.write('models/marts/orders.sql', "select 1 as id, 'placed' as status");
  return fixture;
}

for (const { at, text } of blocks('yaml')) {
  test(at, async () => {
    const fixture = await shop();
    const keys = Object.keys(readYaml(text, at).value as object);
    if (text.includes('outputs:')) {
      await fixture.write('profiles.yml', text);
      const [profile = ''] = keys;
      // Servers of examples are not there: their keys are read, and no more.
      if (text.includes('type: duckdb')) assert.match(output(await fixture.run('debug', { profile })), 'connection: OK');
      else assert.equal(problemsOf(await fixture.run('parse', { profile })), []);
      return;
    }
    if (text.startsWith('packages:')) {
      await fixture.write('packages.yml', text);
      const warned = problemsOf(await fixture.run('parse', { env: { DBT_ENV_SECRET_TOKEN: 'x' } })).map(({ code }) => code);
      return assert.equal(warned, ['packages-missing']);
    }
    const called = /^functions:\n {2}- name: (\w+)/m.exec(text)?.[1];
    if (called) await fixture.write(`functions/${called}.sql`, 'select price');
    // Each version is a file.
    if (text.includes('versions:')) {
      await fixture.remove('models/marts/customers.sql');
      for (const file of ['customers_v1', 'customers', 'customers_next'])
        await fixture.write(`models/versions/${file}.sql`, 'select 1 as id');
    }
    if (text.startsWith('# project.yml')) await fixture.write('dbt_project.yml', `name: shop\n${text}`);
    else await fixture.write(text.startsWith('selectors:') ? 'selectors.yml' : 'models/page.yml', text);
    const events = await fixture.run('parse', { vars: { log_data: 'x', log_jsonpath: 'x', currency: 'EUR', first_day: '2024-01-01' } });
    assert.equal(problemsOf(events), []);
  });
}

for (const { at, text } of blocks('sql')) {
  test(at, async () => {
    const fixture = await shop();
    await fixture.write('models/events.sql', "select 1 as id, timestamp '2024-01-01' as happened_at");
    const called = /function\('(\w+)'\)/.exec(text)?.[1];
    if (called) await fixture.write(`functions/${called}.sql`, 'select 1');
    await fixture.write('models/page.sql', text);
    assert.equal(statuses(await fixture.run('compile', { select: 'page' })), { 'model.shop.page': 'success' });
  });
}

test.run();

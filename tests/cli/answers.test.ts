import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, type Fixture, project } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('cli: what scripts read of compile, show, debug and clean');

const said = async (shop: Fixture, ...args: readonly string[]): Promise<readonly [number | null, string]> => {
  const { code, stdout } = await shop.cli(args);
  return [code, stdout];
};

test('compile prints each node that is named, and inline SQL as JSON without a name', async () => {
  const shop = await project({ 'project.yml': 'name: shop\n', 'models/a.sql': 'select 1 as a', 'models/b.sql': 'select 2 as b' });
  assert.equal(await said(shop, 'compile', '-s', 'a', 'b'), [0, '-- a\nselect 1 as a\n-- b\nselect 2 as b\n']);
  assert.equal(await said(shop, 'compile', '-s', 'path:models'), [0, '']);
  assert.equal(await said(shop, 'compile', '-s', 'a', 'b', '--output', 'json'), [
    0,
    '{"node":"a","compiled":"select 1 as a"}\n{"node":"b","compiled":"select 2 as b"}\n',
  ]);
  assert.equal(await said(shop, 'compile', '--inline', 'select {{ 1 + 1 }}', '--output', 'json'), [0, '{"compiled":"select 2"}\n']);
});

test('compile --empty reads no rows, but where a relation is rendered', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': 'select 1 as a',
    'models/b.sql': "select * from {{ ref('a') }} union all select * from {{ ref('a').render() }}",
  });
  assert.equal(await said(shop, 'compile', '-s', 'b', '--empty'), [
    0,
    'select * from (select * from "dwh"."main"."a" where false limit 0) as "a" union all select * from "dwh"."main"."a"\n',
  ]);
});

test('show of what is not there warns, and exits with 0', async () => {
  const shop = await project({ 'project.yml': 'name: shop\n', 'models/a.sql': 'select 1 as a' });
  const { code, stdout, stderr } = await shop.cli(['show', '-s', 'nope']);
  assert.equal([code, stdout], [0, '']);
  assert.match(stderr, "warning[selection-empty] 'nope' matches nothing");
  assert.is((await shop.cli(['show', '-s', 'nope', '--fail-on-empty'])).code, 2);
});

test('debug --config-dir prints the folder of profiles.yml, and does not connect', async () => {
  const shop = copyFixture('defer');
  assert.equal(await said(shop, 'debug', '--config-dir'), [0, `${shop.dir}\n`]);
  assert.not.ok(existsSync(shop.path('shop.duckdb')));
  const embedded = await project({ 'project.yml': 'name: shop\n' });
  assert.is((await embedded.cli(['debug', '--config-dir'])).code, 2);
});

test('clean removes outside of the project only when it is told to, and never the project', async () => {
  const outside = join(tempDir('outside'), 'artifacts');
  mkdirSync(outside);
  writeFileSync(join(outside, 'manifest.json'), '{}');
  const shop = await project({ 'project.yml': `name: shop\nclean-targets: [${outside}]\n`, 'models/a.sql': 'select 1' });
  assert.is((await shop.cli(['clean'])).code, 2);
  assert.ok(existsSync(outside));
  assert.is((await shop.cli(['clean', '--no-clean-project-files-only'])).code, 0);
  assert.not.ok(existsSync(outside));
  await shop.write('project.yml', 'name: shop\nclean-targets: [..]\n');
  assert.is((await shop.cli(['clean', '--no-clean-project-files-only'])).code, 2);
  assert.ok(existsSync(shop.path('models/a.sql')));
});

test.run();

// Folders that take no files: the command says so before anything runs, and ends.

import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeFolder } from '../../src/project/make-folder.ts';
import { project } from '../support/fixture.ts';

const test = suite('cli: folders that cannot be written');

const PROJECT = { 'project.yml': 'name: shop\n', 'models/orders.sql': 'select 1 as id', file: 'a file' };
/** Below /proc nothing can be made, by no user; where there is no such folder, nothing can be made below a file. */
const NOWHERE = existsSync('/proc/self') ? '/proc/nowhere/target' : 'file/target';

for (const [option, code] of [
  ['--target-path', 'artifact-unwritable'],
  ['--log-path', 'log-unwritable'],
] as const)
  test(`${option} below /proc, below a file, or a file`, async () => {
    const shop = await project(PROJECT);
    for (const folder of [NOWHERE, 'file/below', 'file']) {
      const { code: status, stdout, stderr } = await shop.cli(['run', option, folder]);
      assert.is(status, 2, stdout + stderr);
      assert.match(stdout + stderr, `error[${code}]`);
      assert.match(stdout + stderr, folder.replace(/^\//, ''));
    }
    assert.not(existsSync(shop.path('dwh.duckdb')), 'nothing ran');
  });

test('artifacts of a state that are no files are no artifacts', async () => {
  const shop = await project(PROJECT);
  for (const name of ['manifest', 'run_results']) makeFolder(shop.path(`state/${name}.json`));
  for (const [args, code] of [
    [['retry'], 'no-earlier-run'],
    [['ls', '-s', 'state:modified'], 'selector-needs-state'],
    [['run', '--defer'], 'defer-needs-state'],
  ] as const) {
    const { code: status, stdout, stderr } = await shop.cli([...args, '--state', 'state']);
    assert.is(status, 2, stdout + stderr);
    assert.match(stdout + stderr, `error[${code}]`);
  }
});

test('a folder is made with those above it, once', async () => {
  const shop = await project(PROJECT);
  assert.is(makeFolder(shop.path('a/b/c')), true);
  assert.is(makeFolder(shop.path('a/b/c')), false);
  assert.is(makeFolder(shop.path('a/b')), false);
  assert.ok(existsSync(shop.path('a/b/c')));
});

test.run();

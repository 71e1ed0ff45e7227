import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tempDir } from '../support/temp-dir.ts';
import { dwh } from './fake-system.ts';

const test = suite('cli: init and clean');

const projectIn = (text: string, folders: readonly string[]): string => {
  const root = tempDir();
  writeFileSync(join(root, 'project.yml'), text);
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  return root;
};

test('init makes a project of that name, and asks nothing', async () => {
  const cwd = tempDir();
  const { status, stdout } = await dwh(['init', 'shop'], { cwd });
  assert.is(status, 0);
  assert.match(stdout, 'shop/models/schema.yml\n');
  assert.match(stdout, 'Now:\n  cd shop\n  dwh build\n');
  assert.match(readFileSync(join(cwd, 'shop/project.yml'), 'utf8'), /^name: shop\n/);
  for (const file of ['README.md', '.gitignore', 'seeds/raw_orders.csv', 'models/staging/stg_orders.sql'])
    assert.ok(existsSync(join(cwd, 'shop', file)), file);
});

test('init takes what dbt users say to be asked nothing', async () => {
  assert.is((await dwh(['init', '--skip-profile-setup', 'shop'], { cwd: tempDir() })).status, 0);
  assert.is((await dwh(['init', 'shop', '-s'], { cwd: tempDir() })).status, 0);
});

test('init without a name asks for one', async () => {
  const cwd = tempDir();
  assert.is((await dwh(['init'], { cwd, answer: ' library \n' })).status, 0);
  assert.ok(existsSync(join(cwd, 'library/project.yml')));
});

test('init overwrites nothing', async () => {
  const cwd = tempDir();
  mkdirSync(join(cwd, 'shop'));
  writeFileSync(join(cwd, 'shop/mine.txt'), 'mine');
  const { status, stdout } = await dwh(['init', 'shop'], { cwd });
  assert.is(status, 2);
  assert.match(stdout, 'error[folder-in-use]');
  assert.equal(readdirSync(join(cwd, 'shop')), ['mine.txt']);
  writeFileSync(join(cwd, 'file'), '');
  assert.is((await dwh(['init', 'file'], { cwd })).status, 2);
});

test('init fills an empty folder', async () => {
  const cwd = tempDir();
  mkdirSync(join(cwd, 'shop'));
  assert.is((await dwh(['init', 'shop'], { cwd })).status, 0);
});

test('clean removes the target folder, and says so', async () => {
  const cwd = projectIn('name: shop\n', ['target/compiled', 'models']);
  const { status, stdout } = await dwh(['clean'], { cwd });
  assert.is(status, 0);
  assert.is(stdout, 'Removed target/\n');
  assert.is(existsSync(join(cwd, 'target')), false);
  assert.is((await dwh(['clean', '--clean-project-files-only'], { cwd })).stdout, 'There is nothing to remove.\n');
});

test('clean removes what clean-targets lists, which may be written as a template', async () => {
  const cwd = projectIn('name: shop\nclean-targets: [\'{{ env_var("OUT") }}\', dbt_packages]\n', ['out', 'dbt_packages/x', 'target']);
  const { status, stdout } = await dwh(['clean'], { cwd, env: { OUT: 'out' } });
  assert.is(stdout, 'Removed out/\nRemoved dbt_packages/\n');
  assert.is(status, 0);
  assert.ok(existsSync(join(cwd, 'target')));
});

for (const target of ['..', '.', '/etc', '../other', 'models', 'models/staging', 'linked/inner', 'target/../..']) {
  test(`clean refuses '${target}', and then removes nothing`, async () => {
    const cwd = projectIn(`name: shop\nclean-targets:\n  - target\n  - ${target}\n`, ['target', 'models/staging']);
    const outside = tempDir();
    mkdirSync(join(outside, 'inner'));
    symlinkSync(outside, join(cwd, 'linked'));
    const { status, stdout } = await dwh(['clean'], { cwd });
    assert.is(status, 2);
    assert.match(stdout, `project.yml:2:1 error[clean-refused] ${target} is not removed: `);
    for (const kept of [join(cwd, 'target'), join(cwd, 'models/staging'), join(outside, 'inner')]) assert.ok(existsSync(kept), kept);
  });
}

test('clean of a link removes the link and not what it leads to', async () => {
  const cwd = projectIn('name: shop\n', []);
  const outside = tempDir();
  symlinkSync(outside, join(cwd, 'target'));
  assert.is((await dwh(['clean'], { cwd })).status, 0);
  assert.is(existsSync(join(cwd, 'target')), false);
  assert.ok(existsSync(outside));
});

test('clean outside of a project says that there is none', async () => {
  const { status, stdout } = await dwh(['clean'], { cwd: tempDir() });
  assert.is(status, 2);
  assert.match(stdout, 'error[project-missing]');
});

test.run();

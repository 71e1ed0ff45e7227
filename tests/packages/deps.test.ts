// dwh deps: folders, git, tarballs and a hub, resolved, locked and installed.
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import { ended, startCli } from '../support/cli.ts';
import { type Fixture, output, project } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';
import { repository, type Site, site, tarball } from './server.ts';

const test = suite('packages: deps');

let hub: Site;
test.before(async () => {
  hub = await site();
  hub.release('acme/bolts', { '0.9.0': {}, '1.5.0': {}, '1.10.0': {}, '2.0.0': {} });
  hub.release('acme/nuts', {
    '1.0.0': { packages: [{ package: 'acme/bolts', version: ['>=1.0.0', '<2.0.0'] }] },
    '1.1.0': { packages: [{ package: 'acme/bolts', version: ['>=1.0.0', '<2.0.0'] }] },
    '1.2.0-rc.1': {},
    '1.3.0': { requires: '>=2.0.0' },
  });
  hub.release('acme/strict', { '1.0.0': { packages: [{ package: 'acme/bolts', version: '0.9.0' }] } });
  hub.put(
    '/kit.tar.gz',
    tarball({ 'kit-1/dbt_project.yml': 'name: kit\n', 'kit-1/macros/kit.sql': '{% macro kit() %}41 + 1{% endmacro %}' }),
  );
  hub.put('/two.tar.gz', tarball({ 'a/dbt_project.yml': 'name: a\n', 'b/x.txt': '' }));
  hub.put('/page.html', Buffer.from('<html>not what you wanted</html>'));
  hub.put('/outside.tar.gz', tarball({ '../outside.txt': 'x' }));
});
test.after(() => hub.close());

const installs = (
  shop: Fixture,
  options: { upgrade?: boolean; lock?: boolean; dryRun?: boolean; env?: Record<string, string> } = {},
): Promise<readonly Event[]> =>
  shop.run('deps', {
    deps: { upgrade: options.upgrade ?? false, lock: options.lock ?? false },
    dryRun: options.dryRun ?? false,
    env: { PATH: process.env.PATH ?? '', DBT_PACKAGE_HUB_URL: hub.url, ...options.env },
  });
const shopWith = (packages: unknown, more: Readonly<Record<string, string>> = {}): Promise<Fixture> =>
  project({ 'dbt_project.yml': 'name: shop\n', 'packages.yml': JSON.stringify({ packages }), ...more });
const lockOf = async (shop: Fixture): Promise<string> => (await shop.read('package-lock.yml')).replace(/sha1_hash.*/s, '');
const notes = (events: readonly Event[]): string => events.flatMap((event) => (event.type === 'note' ? [event.message] : [])).join('\n');

test('without packages there is nothing to do', async () => {
  const shop = await project({ 'dbt_project.yml': 'name: shop\n' });
  assert.match(notes(await installs(shop)), 'nothing to install');
  assert.not.ok(existsSync(shop.path('package-lock.yml')));
});

test('from the hub: the highest version that all ranges allow, and what it needs in turn', async () => {
  const shop = await shopWith([{ package: 'acme/nuts', version: '>=1.0.0' }]);
  await installs(shop);
  assert.equal(readdirSync(shop.path('dbt_packages')).sort(), ['bolts', 'nuts']);
  assert.match(await shop.read('dbt_packages/bolts/dbt_project.yml'), "version: '1.10.0'");
  // 1.3.0 is for another dbt, 1.2.0-rc.1 a prerelease.
  assert.is(
    await lockOf(shop),
    'packages:\n  - name: nuts\n    package: acme/nuts\n    version: 1.1.0\n  - name: bolts\n    package: acme/bolts\n    version: 1.10.0\n',
  );
});

test('the lock file is what counts while packages.yml stays the same; --upgrade resolves anew', async () => {
  const shop = await shopWith([{ package: 'acme/bolts', version: ['>=1.0.0', '<2.0.0'] }]);
  await installs(shop);
  await shop.write('package-lock.yml', (await shop.read('package-lock.yml')).replace('1.10.0', '1.5.0'));
  await installs(shop);
  assert.match(await shop.read('dbt_packages/bolts/dbt_project.yml'), '1.5.0');
  await installs(shop, { upgrade: true });
  assert.match(await shop.read('dbt_packages/bolts/dbt_project.yml'), '1.10.0');
  await shop.write('packages.yml', 'packages:\n  - package: acme/bolts\n    version: 1.5.0\n');
  await installs(shop, { lock: true });
  assert.match(await lockOf(shop), '1.5.0');
  assert.match(await shop.read('dbt_packages/bolts/dbt_project.yml'), '1.10.0');
});

test('--dry-run says what would be installed, and writes nothing', async () => {
  const shop = await shopWith([{ package: 'acme/nuts', version: '1.0.0' }]);
  assert.is(output(await installs(shop, { dryRun: true })), 'nuts: version 1.0.0 of acme/nuts\nbolts: version 1.10.0 of acme/bolts\n');
  assert.equal(readdirSync(shop.dir).sort(), ['dbt_project.yml', 'packages.yml']);
});

test('a folder is linked, and what it needs is looked for beside it', async () => {
  const shop = await shopWith([{ local: 'parts/frame' }], {
    'parts/frame/dbt_project.yml': 'name: frame\n',
    'parts/frame/packages.yml': 'packages:\n  - local: ../wheel\n',
    'parts/wheel/dbt_project.yml': 'name: wheel\n',
    'parts/wheel/packages.yml': 'packages:\n  - local: ../frame\n',
    'parts/wheel/macros/wheel.sql': '{% macro spokes() %}36{% endmacro %}',
    'models/bike.sql': 'select {{ wheel.spokes() }} as spokes',
  });
  await installs(shop);
  assert.ok(lstatSync(shop.path('dbt_packages/frame')).isSymbolicLink());
  assert.is(await lockOf(shop), 'packages:\n  - local: parts/frame\n    name: frame\n  - local: parts/wheel\n    name: wheel\n');
  await shop.run('run');
  assert.equal(await shop.query('from bike'), [['36']]);
});

test('git: a tag, a folder of the repository, and the commit in the lock file; its history is left out', async () => {
  const tools = await repository(
    { 'dbt_project.yml': 'name: tools\n', 'inner/dbt_project.yml': 'name: inner\n' },
    { 'inner/dbt_project.yml': 'name: inner\nversion: "2"\n' },
    { 'inner/dbt_project.yml': 'name: inner\nversion: "3"\n' },
  );
  const shop = await shopWith([{ git: tools.dir, revision: 'v2', subdirectory: 'inner' }]);
  await installs(shop);
  assert.match(await shop.read('dbt_packages/inner/dbt_project.yml'), '"2"');
  assert.match(await lockOf(shop), `revision: ${tools.commit('v2')}`);
  assert.not.ok(existsSync(shop.path('dbt_packages/inner/.git')));
  // By the commit of the lock file, which is the head of nothing.
  await shop.remove('dbt_packages');
  await installs(shop);
  assert.match(await shop.read('dbt_packages/inner/dbt_project.yml'), '"2"');
  await shop.write('packages.yml', JSON.stringify({ packages: [{ git: tools.dir, revision: tools.commit('v1').slice(0, 10) }] }));
  await installs(shop);
  assert.equal(readdirSync(shop.path('dbt_packages')), ['tools']);
});

test('git at its head is a warning with the commit to pin', async () => {
  const tools = await repository({ 'dbt_project.yml': 'name: tools\n' });
  const shop = await shopWith([{ git: tools.dir }]);
  const [problem] = (await installs(shop)).flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.equal([problem?.code, problem?.severity], ['package-unpinned', 'warning']);
  assert.match(problem?.hint ?? '', tools.commit('HEAD'));
  await shop.write('packages.yml', JSON.stringify({ packages: [{ git: tools.dir, 'warn-unpinned': false }] }));
  assert.not.ok((await installs(shop)).some((event) => event.type === 'problems'));
});

test('a tarball, whose address is a template with a secret that appears nowhere', async () => {
  const shop = await shopWith([{ tarball: "{{ env_var('DBT_ENV_SECRET_SITE') }}kit.tar.gz", name: 'kit' }], {
    'models/n.sql': 'select {{ kit.kit() }} as n',
  });
  const events = await installs(shop, { env: { DBT_ENV_SECRET_SITE: hub.url } });
  await shop.run('run');
  assert.equal(await shop.query('from n'), [['42']]);
  assert.match(await shop.read('package-lock.yml'), 'DBT_ENV_SECRET_SITE');
  assert.not.match(`${JSON.stringify(events)}${await shop.read('package-lock.yml')}`, hub.url);
});

test('a template in the path of a folder, in subdirectory or in a name of the hub stays a template in the lock file', async () => {
  const inner = await repository({ 'in-a-vault/dbt_project.yml': 'name: inner\n' });
  const env = { DBT_ENV_SECRET_PLACE: 'in-a-vault', DBT_ENV_SECRET_MAKER: 'acme' };
  const place = "{{ env_var('DBT_ENV_SECRET_PLACE') }}";
  const shop = await shopWith(
    [
      { local: `${place}/frame` },
      { git: inner.dir, revision: 'v1', subdirectory: place },
      { package: "{{ env_var('DBT_ENV_SECRET_MAKER') }}/bolts", version: '1.5.0' },
    ],
    { 'in-a-vault/frame/dbt_project.yml': 'name: frame\n', 'in-a-vault/wheel/dbt_project.yml': 'name: wheel\n' },
  );
  const installed = ['bolts', 'frame', 'inner'];
  await installs(shop, { env });
  const lock = await shop.read('package-lock.yml');
  assert.not.match(lock, /in-a-vault|acme/);
  for (const written of [`local: '${place.replaceAll("'", "''")}/frame'`, `subdirectory: '${place.replaceAll("'", "''")}'`])
    assert.match(lock, written);
  await shop.remove('dbt_packages');
  await installs(shop, { env });
  assert.equal(readdirSync(shop.path('dbt_packages')).sort(), installed);
  assert.is(await shop.read('package-lock.yml'), lock);
  // What a package asks for has no template of the project's.
  await shop.write('in-a-vault/frame/packages.yml', 'packages: [{local: ../wheel}]\n');
  await rejects(installs(shop, { env, upgrade: true }), { code: 'package-secret', message: 'which frame asks for', hint: 'packages.yml' });
  assert.is(await shop.read('package-lock.yml'), lock);
  await shop.write('packages.yml', JSON.stringify({ packages: [{ local: `${place}/frame` }, { local: `${place}/wheel` }] }));
  await installs(shop, { env });
  assert.not.match(await shop.read('package-lock.yml'), 'in-a-vault');
  assert.equal(readdirSync(shop.path('dbt_packages')).sort(), ['frame', 'wheel']);
});

test('what cannot be had leaves what is installed as it was', async () => {
  const shop = await shopWith([{ package: 'acme/bolts', version: '1.5.0' }]);
  await installs(shop);
  const refused = async (packages: readonly unknown[], code: string, message: string | RegExp, env = {}): Promise<void> => {
    await shop.write('packages.yml', JSON.stringify({ packages }));
    await rejects(installs(shop, { env }), { code, message });
    assert.equal(readdirSync(shop.path('dbt_packages')), ['bolts']);
    assert.equal(
      readdirSync(shop.dir).filter((name) => name.startsWith('.')),
      [],
    );
  };
  const tools = await repository({ 'dbt_project.yml': 'name: bolts\n' });
  await refused([{ package: 'acme/bolt', version: '1.0.0' }], 'package-not-found', "no package 'acme/bolt'");
  await refused([{ package: 'acme/bolts', version: '>=3.0.0' }], 'package-version', 'no version of acme/bolts that fits');
  await refused([{ package: 'acme/nuts', version: '1.3.0' }], 'package-version', 'requires >=2.0.0');
  await refused([{ package: 'acme/bolts', version: 'latest' }], 'package-version', "'latest' of acme/bolts is not a version");
  await refused(
    [
      { package: 'acme/bolts', version: '>=1.0.0' },
      { package: 'acme/strict', version: '1.0.0' },
    ],
    'package-conflict',
    'the project asks for >=1.0.0; strict asks for 0.9.0',
  );
  await refused([{ git: tools.dir, revision: 'v9' }], 'git-revision', "no revision 'v9'");
  await refused([{ git: `${tools.dir}/nowhere` }], 'git-failed', 'cannot be fetched');
  await refused([{ git: tools.dir }, { package: 'acme/bolts', version: '1.5.0' }], 'package-twice', "two packages have the name 'bolts'");
  await refused([{ tarball: `${hub.url}page.html`, name: 'x' }], 'package-invalid', 'is no package');
  await refused([{ tarball: `${hub.url}two.tar.gz`, name: 'x' }], 'package-invalid', '2 things at its top');
  await refused([{ tarball: `${hub.url}outside.tar.gz`, name: 'x' }], 'package-invalid', 'outside of its folder');
  await refused([{ tarball: `${hub.url}gone.tar.gz`, name: 'x' }], 'package-unreachable', '404');
  await refused([{ local: 'nowhere' }], 'package-missing', 'nowhere');
  await refused([{ private: 'acme/x' }], 'packages-invalid', "dbt's own service");
  await refused([{ package: 'acme/bolts', versoin: '1.0.0' }], 'packages-invalid', "'versoin'");
  await refused([{ package: 'acme/nuts', version: '1.0.0' }], 'hub-unreachable', 'gives no answer', {
    DBT_PACKAGE_HUB_URL: 'http://127.0.0.1:1/',
  });
});

test('a package cannot be called by a path, in a list or at a hub; mistakes in one are shown where it is asked for', async () => {
  hub.put('/odd.tar.gz', tarball({ 'odd-1/dbt_project.yml': 'name: "../odd"\n' }));
  const kit = `${hub.url}kit.tar.gz`;
  for (const name of ['../../kit', '/kit', 'a/b', '..']) {
    const shop = await shopWith([{ tarball: kit, name }]);
    await rejects(installs(shop), { code: 'package-invalid', message: `'${name}' cannot be the name of a package`, at: 'packages.yml' });
    assert.equal(readdirSync(shop.dir).sort(), ['dbt_project.yml', 'packages.yml']);
  }
  hub.put('/bare.tar.gz', tarball({ 'bare-1/README.md': 'x' }));
  const bare = await shopWith([{ tarball: `${hub.url}bare.tar.gz` }]);
  await rejects(installs(bare), { code: 'package-invalid', message: 'no package: there is no project.yml and no dbt_project.yml in it' });
  const shop = await shopWith([{ tarball: `${hub.url}odd.tar.gz` }]);
  await rejects(installs(shop), { code: 'package-invalid', message: "'../odd' cannot be a project's name", at: 'packages.yml' });
});

test('a folder with the project in it, or with other things than packages, is not taken for packages', async () => {
  const put = async (path: string): Promise<Fixture> => {
    const shop = await shopWith([{ package: 'acme/bolts', version: '1.5.0' }], { 'models/a.sql': 'select 1 as id' });
    await shop.write('dbt_project.yml', `name: shop\npackages-install-path: ${JSON.stringify(path)}\n`);
    return shop;
  };
  for (const path of ['.', '..', './', 'models']) {
    const shop = await put(path);
    await rejects(installs(shop), { code: 'packages-folder', message: `'${path}'`, at: 'dbt_project.yml:2' });
    assert.equal(await shop.read('models/a.sql'), 'select 1 as id');
    assert.not.ok(existsSync(shop.path('package-lock.yml')));
  }
  const shop = await put('models/lib');
  await shop.write('models/lib/.gitkeep', '');
  await installs(shop);
  await installs(shop);
  assert.equal(readdirSync(shop.path('models/lib')), ['bolts']);
});

test('packages may be installed outside of the project, and are read there', async () => {
  const elsewhere = await project({ 'readme.txt': '' });
  const shop = await shopWith([{ tarball: `${hub.url}kit.tar.gz` }], { 'models/n.sql': 'select {{ kit.kit() }} as n' });
  await shop.write('dbt_project.yml', `name: shop\npackages-install-path: ${JSON.stringify(elsewhere.path('lib'))}\n`);
  await installs(shop);
  assert.equal(readdirSync(elsewhere.path('lib')), ['kit']);
  await shop.run('run');
  assert.equal(await shop.query('from n'), [['42']]);
});

test('a package with the name of the project is refused', async () => {
  const shop = await shopWith([{ local: 'twin' }], { 'twin/dbt_project.yml': 'name: shop\n' });
  await rejects(installs(shop), { code: 'package-twice', message: "the name of the project, 'shop'" });
});

/** As `deps` leaves it when it is killed between its two renames; 1.5.0 was installed, 1.10.0 is to be. */
async function cutOff(folder = 'dbt_packages'): Promise<Fixture> {
  const shop = await shopWith([{ package: 'acme/bolts', version: '1.5.0' }], { 'models/a.sql': 'select 1 as id' });
  await installs(shop);
  const [installed, made] = [shop.path('dbt_packages'), shop.path(`.${folder}.new/packages`)];
  renameSync(installed, shop.path('aside'));
  await shop.write('packages.yml', JSON.stringify({ packages: [{ package: 'acme/bolts', version: '1.10.0' }] }));
  await installs(shop);
  mkdirSync(shop.path(`.${folder}.new`), { recursive: true });
  renameSync(installed, made);
  renameSync(shop.path('aside'), shop.path(`.${folder}.old`));
  return shop;
}
const foldersOf = (shop: Fixture): readonly string[] =>
  readdirSync(shop.dir).filter((name) => /packages|shared/.test(name) && !name.endsWith('.yml'));
const version = (shop: Fixture): Promise<string> => shop.read('dbt_packages/bolts/dbt_project.yml');

test('what a killed install left is put right by the next command that reads packages', async () => {
  const shop = await cutOff();
  const events = await shop.run('parse');
  assert.not.ok(events.some((event) => event.type === 'problems'));
  assert.match(await version(shop), '1.10.0');
  assert.ok(JSON.parse(await shop.read('target/manifest.json')).metadata);
  // Nothing new was made: the old one comes back.
  const half = await cutOff();
  rmSync(half.path('.dbt_packages.new'), { recursive: true });
  await half.run('parse');
  assert.match(await version(half), '1.5.0');
});

test('what a killed install left is put right by the next install, whatever comes of it', async () => {
  const shop = await cutOff();
  await shop.write('packages.yml', 'packages:\n  - local: nowhere\n');
  await rejects(installs(shop), { code: 'package-missing' });
  assert.equal(foldersOf(shop), ['dbt_packages']);
  assert.match(await version(shop), '1.10.0');
});

test('a folder of packages that is a link is looked for where it leads', async () => {
  const shop = await cutOff('shared');
  symlinkSync('shared', shop.path('dbt_packages'));
  await shop.run('parse');
  assert.match(await version(shop), '1.10.0');
  assert.ok(lstatSync(shop.path('dbt_packages')).isSymbolicLink());
  await installs(shop, { upgrade: true });
  assert.equal(foldersOf(shop), ['dbt_packages', 'shared']);
});

test('the binary: Ctrl-C while something is fetched ends it, and leaves what there was', async () => {
  let asked: () => void = () => {};
  const server = createServer(() => asked());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const wanted of [{ git: `${url}/x.git` }, { tarball: `${url}/x.tar.gz` }, { package: 'acme/bolts', version: '1.5.0' }]) {
    const shop = await shopWith([wanted]);
    const child = startCli(['deps'], { cwd: shop.dir, env: { DBT_PACKAGE_HUB_URL: url } });
    asked = () => child.kill('SIGINT');
    const { code, stdout, stderr } = await ended(child);
    assert.is(code, 130, stdout + stderr);
    assert.not.match(stdout + stderr, /bug|cannot be fetched|gives no answer/);
    assert.equal(
      readdirSync(shop.dir)
        .filter((name) => name !== 'target')
        .sort(),
      ['dbt_project.yml', 'packages.yml'],
    );
  }
  server.closeAllConnections();
  server.close();
});

test('packages-install-path, dependencies.yml, and the warning when a list is newer than its lock', async () => {
  const shop = await project({
    'dbt_project.yml': "name: shop\npackages-install-path: \"{{ env_var('HOME_OF_PACKAGES', 'lib') }}\"\n",
    'dependencies.yml': 'packages:\n  - package: acme/bolts\n    version: 1.5.0\n',
    'models/a.sql': 'select 1 as id',
  });
  await installs(shop);
  assert.equal(readdirSync(shop.path('lib')), ['bolts']);
  const warned = async (): Promise<readonly string[]> =>
    (await shop.run('parse')).flatMap((event) => (event.type === 'problems' ? event.problems.map(({ code }) => code) : []));
  assert.equal(await warned(), []);
  await shop.remove('lib');
  assert.equal(await warned(), ['packages-missing']);
  await shop.remove('package-lock.yml');
  assert.equal(await warned(), ['packages-missing']);
  await installs(shop, { lock: true });
  await shop.write('dependencies.yml', 'packages:\n  - package: acme/bolts\n    version: 1.10.0\n');
  assert.equal(await warned(), ['packages-stale']);
});

test('the binary: --add-package keeps comments, and replaces an entry for the same package', async () => {
  const shop = await shopWith([], { 'packages.yml': '# what we use\npackages:\n  # bolts\n  - package: acme/bolts\n    version: 1.5.0\n' });
  const deps = (...args: string[]) => shop.cli(['deps', ...args], { DBT_PACKAGE_HUB_URL: hub.url });
  const done = await deps('--add-package', 'acme/nuts@>=1.0.0,<1.1.0');
  assert.is(done.code, 0, done.stdout);
  assert.is(
    await shop.read('packages.yml'),
    "# what we use\npackages:\n  # bolts\n  - package: acme/bolts\n    version: 1.5.0\n  - package: acme/nuts\n    version: ['>=1.0.0', <1.1.0]\n",
  );
  assert.is((await deps('--add-package', 'acme/bolts@1.10.0', '--lock')).code, 0);
  assert.equal((await shop.read('packages.yml')).match(/acme\/bolts/g)?.length, 1);
  assert.match(await lockOf(shop), '1.10.0');
  const nowhere = await deps('--add-package', 'acme/bolts');
  assert.equal([nowhere.code, /names no version/.test(nowhere.stderr)], [2, true]);
});

test.run();

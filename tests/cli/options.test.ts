// What options change in the engine's answers; how they are read is tested in request.test.ts.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, output } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('cli: options in effect');

const PRINTING = "{% if execute %}{{ print('two lines\nof it') }}{{ log('logged', info=true) }}{% endif %}select 1 as one";

test('print() is an answer on stdout, also with --quiet, and --no-print leaves it out', async () => {
  const shop = copyFixture('shop');
  await shop.write('models/printing.sql', PRINTING);
  const quiet = await shop.cli(['run', '-s', 'printing', '--quiet']);
  assert.equal([quiet.code, quiet.stdout, quiet.stderr], [0, 'two lines\nof it\n', '']);
  const compiled = await shop.cli(['compile', '-s', 'printing']);
  assert.equal([compiled.stdout, compiled.stderr], ['two lines\nof it\nselect 1 as one\n', 'logged\n']);
  const none = await shop.cli(['run', '-s', 'printing', '--no-print', '--quiet']);
  assert.equal([none.code, none.stdout, none.stderr], [0, '', '']);
});

test('what a template prints, logs and warns of in every rendering is said by the run, in the process that parsed it, too', async () => {
  const shop = copyFixture('shop');
  const speaks = "{{ print('printed') }}{{ log('logged', info=true) }}{{ exceptions.warn('be warned') }}select 1 as one";
  await shop.write('models/speaking.sql', speaks);
  for (const parse of ['cold', 'warm']) {
    const { code, stdout, stderr } = await shop.cli(['run', '-s', 'speaking', '--quiet']);
    assert.equal([code, stdout, stderr], [0, 'printed\n', ''], parse);
  }
  const { stdout, stderr } = await shop.cli(['run', '-s', 'speaking', '--no-partial-parse']);
  assert.match(stdout + stderr, /^printed$/m);
  assert.match(stdout + stderr, /be warned/);
});

test('--no-introspect: a template that asks the warehouse is an error', async () => {
  const shop = copyFixture('shop');
  const asks = "{% if execute %}{% set n = run_query('select 41 + 1 as n').columns[0].values()[0] %}{% endif %}select {{ n }} as n";
  assert.is(output(await shop.run('compile', { inline: asks })).trim(), 'select 42 as n');
  await rejects(shop.run('show', { inline: asks, introspect: false }), { code: 'needs-warehouse', hint: '--no-introspect' });
  assert.is(output(await shop.run('compile', { inline: 'select {{ 40 + 2 }} as n', introspect: false })).trim(), 'select 42 as n');
});

test('--inline-direct is shown as it is written', async () => {
  const { stdout, code } = await copyFixture('shop').cli(['show', '--inline-direct', "select '{{ ref(1) }}{# no #}' as t"]);
  assert.is(code, 0);
  assert.match(stdout, '{{ ref(1) }}{# no #}');
});

test('debug says which files are used; --connection only whether the warehouse answers', async () => {
  const library = copyFixture('library');
  assert.match(output(await library.run('debug')), /^project: \w+ \(project\.yml\)\n+profile: \w+ \(profiles\.yml\)\n+target: /m);
  assert.is(output(await library.run('debug', { connectionOnly: true })).trim(), 'connection: OK');
});

test.run();

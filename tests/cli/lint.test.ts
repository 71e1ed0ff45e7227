// dwh lint as a user runs it: what goes to stdout, what to stderr, and the exit status.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ended, startCli } from '../support/cli.ts';
import { copyFixture, fixtureIn, project } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { dwh, requestFor } from './fake-system.ts';

const test = suite('cli: lint');

test('files: JSON and nothing else on stdout; 1 when any is refused, 0 when none is', async () => {
  const folder = fixtureIn(tempDir('lint'));
  await folder.write('good.sql', 'select 1; select 7 / 2;');
  await folder.write('bad.sql', 'select a::uuid from t;\nvacuum');
  const bad = await folder.cli(['lint', '--output', 'json', 'good.sql', 'bad.sql']);
  const { statements } = JSON.parse(bad.stdout) as { statements: readonly { file: string; line: number; refused: boolean }[] };
  assert.equal(
    statements.map(({ file, line, refused }) => [file, line, refused]),
    [
      ['good.sql', 1, false],
      ['good.sql', 1, false],
      ['bad.sql', 1, true],
      ['bad.sql', 2, false],
    ],
  );
  assert.equal([bad.code, bad.stderr], [1, '']);
  const good = await folder.cli(['lint', 'good.sql']);
  assert.is(good.code, 0);
  assert.match(good.stdout, /^good\.sql:1:18 warning\[integer-division\][\s\S]*\n2 statements: 0 refused, 1 warning\n$/);
  const warned = await folder.cli(['--warn-error', 'lint', 'good.sql']);
  assert.is(warned.code, 1);
});

test('a dash is stdin', async () => {
  const child = startCli(['lint', '-', '--output', 'json'], {
    cwd: tempDir('lint'),
    through: ['sh', '-c', `printf 'select 1;\\nselect a::uuid' | "$0" "$@"`],
  });
  const { code, stdout } = await ended(child);
  const { statements } = JSON.parse(stdout) as { statements: readonly { file: string; refused: boolean }[] };
  assert.equal(
    [code, statements.map(({ file, refused }) => [file, refused])],
    [
      1,
      [
        ['-', false],
        ['-', true],
      ],
    ],
  );
});

test('what cannot be read: 2, and nothing on stdout', async () => {
  const folder = fixtureIn(tempDir('lint'));
  await folder.write('a.sql', 'select 1');
  const { code, stdout, stderr } = await folder.cli(['lint', '--output', 'json', 'a.sql', 'b.sql']);
  assert.equal([code, stdout], [2, '']);
  assert.match(stderr, 'error[lint-unreadable] b.sql cannot be read');
});

test('models: warnings of the project go to stderr, and nothing is left behind', async () => {
  const shop = copyFixture('shop');
  const { code, stdout } = await shop.cli(['lint', '-s', 'orders', 'customers', '--output', 'json', '--target-path', 'out']);
  assert.is(code, 0);
  const { statements } = JSON.parse(stdout) as { statements: readonly { file: string }[] };
  assert.ok(statements.some(({ file }) => file === 'models/marts/orders.sql'));
  const broken = await project({ 'project.yml': 'name: shop\n', 'models/a.sql': 'select {% if execute %}{{ no_such }}{% endif %}' });
  const failed = await broken.cli(['lint', '--output', 'json']);
  assert.equal([failed.code, JSON.parse(failed.stdout)], [1, { statements: [] }]);
  assert.match(failed.stderr, 'models/a.sql:1:27 error[undefined-name]');
});

test('what is asked for', async () => {
  const lint = async (...argv: string[]) => (await requestFor(['lint', ...argv], { stdin: 'select 1' })).lint;
  const asked = { dialect: 'redshift', files: [], fix: false, listRules: false };
  assert.equal(await lint(), asked);
  assert.equal(await lint('a.sql', '-', '--fix=false'), { ...asked, files: ['a.sql', '-'], stdin: 'select 1' });
  assert.equal(await lint('--dialect', 'DuckDB', '--fix', 'b.sql'), { ...asked, dialect: 'duckdb', fix: true, files: ['b.sql'] });
  assert.equal(await lint('--list-rules'), { ...asked, listRules: true });
  for (const [argv, said] of [
    [['a.sql', '-s', 'orders'], 'lint takes files or a selection, not both'],
    [['--fix', '-'], '--fix has nowhere to write'],
    [['--dialect', 'oracle'], '--dialect is ‘oracle’'.replaceAll(/[‘’]/g, "'")],
  ] as const) {
    const { status, stderr } = await dwh(['lint', ...argv]);
    assert.is(status, 2);
    assert.match(stderr, said);
  }
});

test.run();

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody } from '../../src/core/event.ts';
import { events as ofBuild } from '../reporters/fixture-run.ts';
import { tempDir } from '../support/temp-dir.ts';
import { dwh } from './fake-system.ts';

const test = suite('cli: log file');

const events: readonly EventBody[] = ofBuild.map((event) => (event.type === 'run-started' ? { ...event, targetPath: tempDir() } : event));

async function logged(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ folder: string; text: string; stdout: string }> {
  const folder = join(tempDir(), 'logs', 'deep');
  const { stdout } = await dwh(['build', '--no-write-json', ...argv], { events, env: { ...env, DBT_LOG_PATH: folder } });
  const file = join(folder, 'dbt.log');
  return { folder, text: existsSync(file) ? readFileSync(file, 'utf8') : '', stdout };
}

test('every line has a time and a level; it says all, whatever the terminal shows', async () => {
  const { text, stdout } = await logged(['-q']);
  const [head = '', ...lines] = text.trimEnd().split('\n');
  assert.match(head, /^=+ 2024-01-15T12:00:00\.\d{3}Z \| 00000000-0000-4000-8000-000000000000 =+$/);
  for (const line of lines) assert.match(line, /^\d\d:\d\d:\d\d\.\d{3} \[(debug|info |warn |error)\] /);
  assert.ok(
    lines.some((line) => line.includes('[debug]')),
    'statements',
  );
  assert.match(text, 'Done. PASS=');
  assert.not.match(stdout, 'Done. PASS=');
});

test('the command that repeats a failure has the options that it needs, and no secret', async () => {
  const folder = tempDir();
  const { stdout } = await dwh(
    ['build', '--no-write-json', '--target', 'prod', '--vars', '{day: 5, key: of-a-door}', '--log-path', folder],
    {
      engine: async (_request, { secrets }, emit) => {
        // As the engine does when it has read the profile.
        secrets?.learn('of-a-door');
        for (const event of events) emit(event);
      },
    },
  );
  const again = (told: string): readonly string[] => told.match(/dwh \w+ -s .*/g) ?? [];
  const inFile = again(readFileSync(join(folder, 'dbt.log'), 'utf8'));
  assert.ok(inFile.length > 0);
  for (const command of inFile) assert.match(command, /--target prod --vars '\{day: 5, key: \*+\}'$/);
  assert.equal(inFile, again(stdout));
});

test('its level and its form are its own', async () => {
  const errors = await logged(['--log-level-file', 'error']);
  assert.not.match(errors.text, /\[(debug|info |warn )\]/);
  assert.match(errors.text, '[error]');
  const json = await logged(['--log-format-file', 'json', '--log-level-file', 'info']);
  const names = json.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).info.name);
  assert.ok(names.includes('LogModelResult') && names.includes('StatsLine') && !names.includes('SQLQuery'), names.join());
  assert.is((await logged(['--log-level-file', 'none'])).text, '');
});

test('one that is too large is put aside, five at most', async () => {
  const folder = tempDir();
  const path = join(folder, 'dbt.log');
  for (let run = 1; run <= 7; run++) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, `run ${run}\n`.repeat(100));
    await dwh(['build', '--no-write-json', '--log-path', folder, '--log-file-max-bytes', '200'], { events });
  }
  assert.match(readFileSync(path, 'utf8'), 'Done. PASS=');
  assert.match(readFileSync(`${path}.1`, 'utf8'), 'run 7');
  assert.match(readFileSync(`${path}.5`, 'utf8'), 'run 3');
  assert.not(existsSync(`${path}.6`));
});

test('a folder that cannot be is an error before anything runs', async () => {
  const file = join(tempDir(), 'a-file');
  writeFileSync(file, '');
  const { status, stderr, request } = await dwh(['build', '--log-path', join(file, 'logs')], { events });
  assert.is(status, 2);
  assert.match(stderr, 'error[log-unwritable]');
  assert.is(request, undefined);
  const size = await dwh(['build', '--log-path', tempDir(), '--log-file-max-bytes', '-3'], { events });
  assert.is(size.status, 2);
  assert.match(size.stderr, '--log-file-max-bytes is -3, and should be 0 or more');
});

test('without --log-path there is none', async () => {
  const cwd = tempDir();
  writeFileSync(join(cwd, 'project.yml'), 'name: shop\n');
  await dwh(['build', '--no-write-json'], { events, cwd });
  assert.not(existsSync(join(cwd, 'dbt.log')));
  assert.not(existsSync(join(cwd, 'logs')));
});

test.run();

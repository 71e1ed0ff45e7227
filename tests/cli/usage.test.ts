import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nameOf } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { golden } from '../support/golden.ts';
import { dwh } from './fake-system.ts';

const test = suite('cli: help and usage errors');

const mistakes: readonly (readonly string[])[] = [
  ['rnu'],
  ['comp'],
  ['frobnicate'],
  ['snapshto'],
  ['snapshot', '-f'],
  ['docs', 'frob'],
  ['source', 'fresh'],
  ['source', 'frob'],
  ['run', 'orders'],
  ['parse', 'orders'],
  ['run', '--selct', 'a'],
  ['run', '--frobnicate'],
  ['run', '--no-frobnicate'],
  ['run', '-k'],
  ['run', '--limit', '5'],
  ['--frobnicate', 'run'],
  ['-s', 'a', 'run'],
  ['-f', 'run'],
  ['--publish'],
  ['--target'],
  ['run', '-s'],
  ['run', '--target', '--threads', '2'],
  ['run', '--threads', 'many'],
  ['run', '--threads', '0'],
  ['run', '--wait', 'soon'],
  ['seed', '--wait=-1'],
  ['ls', '--output', 'jsn'],
  ['build', '--resource-type', 'modle'],
  ['run', '--indirect-selection', 'greedy'],
  ['run', '--vars', '[1, 2]'],
  ['run', '--vars', 'just text'],
  ['run', '--vars', '{a: 1'],
  ['run', '--vars', '{a=1}'],
  ['build', '--cluster', '--dry-run'],
  ['build', '--cluster', 'keep'],
  ...['seed', 'load', 'snapshot', 'compile', 'show', 'test'].map((command) => [command, '--event-time-start', '2024-01-01']),
  ...['seed', 'load', 'test'].map((command) => [command, '--sample', '3 days']),
  ['seed', '--empty'],
  ['run', '--event-time-start', '2024-01-01'],
  ['run', '--event-time-end', '2024-01-01'],
  ['run', '--event-time-start', 'today', '--event-time-end', '2024-01-01'],
  ['run', '--event-time-start', '2024-01-02', '--event-time-end', '2024-01-02'],
  ['run', '--sample', '3'],
  ['run', '--sample', '3 weeks'],
  ['run', '--sample', 'some days'],
  ['run', '--sample', '{start: 2024-01-01}'],
  ['run', '--sample', '{start: 2024-01-02, end: 2024-01-01}'],
  ['run', '--sample', '{start: 2024-01-02, end: 2024-01-03, step: 1}'],
  ['init'],
  ['init', 'my-shop'],
  ['init', 'shop', 'more'],
];

test('every usage error is one clear message on stderr, with exit status 2', async () => {
  const shown: string[] = [];
  for (const argv of mistakes) {
    const { status, stdout, stderr, request } = await dwh(argv);
    assert.is(status, 2, `dwh ${argv.join(' ')}`);
    assert.is(stdout, '');
    assert.is(request, undefined);
    shown.push(`$ dwh ${argv.join(' ')}`, stderr);
  }
  golden('cli/usage-errors.txt', shown.join('\n'));
});

test('a wrong environment variable is named', async () => {
  const { status, stderr } = await dwh(['run'], { env: { DBT_FULL_REFRESH: 'perhaps' } });
  assert.is(status, 2);
  assert.is(stderr, "error[usage] DBT_FULL_REFRESH is 'perhaps', and should be true or false\n");
});

test('help', async () => {
  const words = commands.flatMap((one) =>
    'commands' in one ? [[nameOf(one)], ...one.commands.map((entry) => [nameOf(one), nameOf(entry)])] : [[nameOf(one)]],
  );
  const shown: string[] = [];
  for (const command of [[], ...words]) {
    const { status, stdout, stderr } = await dwh([...command, '--help']);
    assert.is(status, 0);
    assert.is(stderr, '');
    shown.push(`$ ${['dwh', ...command, '--help'].join(' ')}`, stdout);
  }
  golden('cli/help.txt', shown.join('\n'));
});

test('help is found in every way that one might ask for it', async () => {
  const { stdout: top } = await dwh(['--help']);
  assert.is((await dwh([])).stdout, top);
  assert.is((await dwh(['-h'])).stdout, top);
  const { stdout: run } = await dwh(['run', '--help']);
  assert.is((await dwh(['run', '-h'])).stdout, run);
  assert.is((await dwh(['--help', 'run'])).stdout, run);
  assert.is((await dwh(['help', 'run'])).stdout, run);
  assert.is((await dwh(['help'])).stdout, top);
  assert.is((await dwh(['run', '-s', 'a', '--help'])).stdout, run);
  assert.is((await dwh(['source'])).stdout, (await dwh(['source', '--help'])).stdout);
});

test('the language of the machine does not change messages', async () => {
  const { stdout } = await dwh(['--help'], { env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } });
  assert.is(stdout, (await dwh(['--help'])).stdout);
});

test('the version, wherever it is asked for', async () => {
  for (const argv of [['--version'], ['-v'], ['-V'], ['run', '--version'], ['--target', 'x', '--version']]) {
    const { status, stdout } = await dwh(argv);
    assert.is(status, 0);
    assert.match(stdout, /^dwh \d+\.\d+\.\d+\n$/);
  }
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { given } from '../../src/cli/given.ts';
import { globalOptions } from '../../src/cli/options.ts';
import { replayOf } from '../../src/cli/replay.ts';

const test = suite('cli: the command that repeats a failure');

const replay = (parsed: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}): string =>
  replayOf(given(parsed, [], globalOptions, env));

test('names the project, the data and the target again, as a shell takes them', () => {
  assert.is(replay({}), '');
  assert.is(replay({ target: 'prod', threads: 4, quiet: true }), '--target prod');
  assert.is(replay({ vars: '{a: 1}', 'project-dir': 'my shop' }), "--project-dir 'my shop' --vars '{a: 1}'");
  assert.is(replay({ vars: "{a: 'x'}" }), "--vars '{a: '\\''x'\\''}'");
});

test('with --warn-error a warning is a failure again', () => {
  assert.is(replay({ 'warn-error': true, profile: 'p' }), '--profile p --warn-error');
  assert.is(replay({ 'warn-error': false }), '');
});

test('what comes from the environment is named, too', () => {
  assert.is(replay({}, { DBT_TARGET: 'prod' }), '--target prod');
});

test.run();

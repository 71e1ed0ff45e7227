import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonReporter } from '../../src/reporters/json.ts';
import type { Level } from '../../src/reporters/reporter.ts';
import { golden } from '../support/golden.ts';
import { collector, events, START } from './fixture-run.ts';

const test = suite('reporters: json');

function lines(level: Level, command = 'build', of = events): string[] {
  const out = collector();
  const reporter = jsonReporter({ out, level, invocationId: 'an-id', pid: 7, command });
  for (const event of of) reporter.report(event);
  return out.text().trimEnd().split('\n');
}

test('one object a line, with stable keys', () => {
  golden(
    'reporters/build.json',
    lines('debug')
      .map((line) => JSON.stringify(JSON.parse(line), null, 1))
      .join('\n'),
  );
});

test('every line has the same outer keys', () => {
  for (const line of lines('debug')) {
    const { info } = JSON.parse(line);
    assert.equal(Object.keys(info), ['category', 'code', 'extra', 'invocation_id', 'level', 'msg', 'name', 'pid', 'thread', 'ts']);
  }
});

test('the level leaves out what is below it, and answers never', () => {
  const levels = (level: Level): string[] => [...new Set(lines(level).map((line) => JSON.parse(line).info.level))].sort();
  assert.equal(levels('debug'), ['debug', 'error', 'info', 'warn']);
  assert.equal(levels('warn'), ['error', 'warn']);
  assert.equal(levels('error'), ['error']);
  const [line = ''] = lines('none', 'ls', [{ at: START, type: 'output', text: 'shop.orders\n' }]);
  assert.is(JSON.parse(line).info.name, 'ListCmdOut');
  assert.equal(JSON.parse(line).data, { msg: 'shop.orders' });
});

test('each name that ls finds is an event of its own, a table of show is one', () => {
  const messages = (command: string, text: string): string[] =>
    lines('info', command, [{ at: START, type: 'output', text }]).map((line) => JSON.parse(line).info.msg);
  assert.equal(messages('ls', 'shop.orders\nshop.customers\n'), ['shop.orders', 'shop.customers']);
  assert.equal(messages('show', 'a | b\n--+--\n1 | 2\n'), ['a | b\n--+--\n1 | 2']);
});

test.run();

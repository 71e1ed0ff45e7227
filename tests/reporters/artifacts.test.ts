import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event, NodeResult } from '../../src/core/event.ts';
import { uniqueId } from '../../src/core/node.ts';
import { runResults, sourcesJson } from '../../src/reporters/artifacts.ts';
import { golden } from '../support/golden.ts';
import { progressAfter, START } from './fixture-run.ts';

const test = suite('reporters: artifacts');

const meta = {
  invocationId: '00000000-0000-4000-8000-000000000000',
  startedAt: START,
  env: { DBT_ENV_CUSTOM_ENV_team: 'data', DBT_ENV_SECRET_KEY: 'hidden', HOME: '/home-of-nobody' },
  args: { which: 'build', select: ['orders'] },
};

test('run_results.json', () => golden('reporters/run_results.json', JSON.stringify(runResults(progressAfter(), meta), null, 1)));

test('every result has exactly the keys of schema v6', () => {
  const keys = [
    'status',
    'timing',
    'thread_id',
    'execution_time',
    'adapter_response',
    'message',
    'failures',
    'unique_id',
    'compiled',
    'compiled_code',
    'relation_name',
    'batch_results',
  ];
  const { results } = runResults(progressAfter(), meta) as { results: readonly object[] };
  for (const one of results) assert.equal(Object.keys(one), keys);
});

test('sources.json', () => {
  const finished = (name: string, more: Partial<NodeResult>): Event => ({
    at: START,
    type: 'node-finished',
    result: {
      node: uniqueId('source', 'shop', 'raw', name),
      status: 'pass',
      ms: 10,
      startedAt: START,
      executeAt: START + 1,
      endedAt: START + 10,
      thread: 0,
      adapterResponse: {},
      warnings: [],
      ...more,
    },
  });
  const measured = {
    maxLoadedAt: START - 3_600_000,
    snapshottedAt: START,
    criteria: { warn_after: { count: 12, period: 'hour' as const }, filter: 'x > 1' },
  };
  const progress = progressAfter([
    finished('events', { freshness: measured }),
    finished('songs', { status: 'warn', freshness: measured }),
    finished('plays', { status: 'error', freshness: measured }),
    finished('gone', { status: 'runtime error', problem: { code: 'database-error', message: 'no such table' } }),
    { at: START + 50, type: 'run-finished', ms: 50, interrupted: false },
  ]);
  golden('reporters/sources.json', JSON.stringify(sourcesJson(progress, meta), null, 1));
});

test.run();

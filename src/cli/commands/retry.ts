// dwh retry: the command of the last run once more, for what failed, was skipped, or was cut off. It keeps that run's options,
// vars and time; what is given anew counts.
import { join, relative, resolve } from 'node:path';
import { isMapping } from '../../core/config-reader.ts';
import { fail } from '../../core/problem.ts';
import type { Command, Invocation } from '../command.ts';
import { earlierRun, failedNodes, hooksFailed } from '../earlier-run.ts';
import { type Given, givenOf, type Options, type Value } from '../given.ts';
import { dryRunOption, fullRefreshOption, globalOptions, leaseOptions, selectionOptions } from '../options.ts';
import { projectSettings } from '../project-settings.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';
import { dictionary } from '../vars.ts';

/** By `which` of run_results.json. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  build: async () => (await import('./build.ts')).build,
  clone: async () => (await import('./clone.ts')).clone,
  compile: async () => (await import('./compile.ts')).compile,
  generate: async () => (await import('./docs-generate.ts')).docsGenerate,
  load: async () => (await import('./load.ts')).load,
  run: async () => (await import('./run.ts')).run,
  'run-operation': async () => (await import('./run-operation.ts')).runOperation,
  seed: async () => (await import('./seed.ts')).seed,
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  test: async () => (await import('./test.ts')).test,
};

/** Where things are now, how they are shown, and who may run: never those of the first run. */
const OF_NOW = new Set([
  ...['project-dir', 'profiles-dir', 'target-path', 'wait', 'steal', 'dry-run', 'partial-parse', 'write-json'],
  ...['quiet', 'debug', 'log-level', 'log-format', 'use-colors', 'print', 'printer-width'],
]);

/** As it is written. */
const SPELT: Readonly<Record<string, string>> = { generate: 'docs generate', freshness: 'source freshness' };
const spelt = (which: unknown): string => SPELT[String(which)] ?? String(which);

const MASKED = '*****';
const isMasked = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes(MASKED)
    : Array.isArray(value)
      ? value.some(isMasked)
      : isMapping(value) && Object.values(value).some(isMasked);

/** An option as run_results.json keeps it, dbt's or ours; undefined: it was not given. */
function keptValue(
  name: string,
  { kind, bare, aliases = [] }: Options[string],
  args: Readonly<Record<string, unknown>>,
): Value | undefined {
  const value = [name, ...aliases].map((one) => args[one.replaceAll('-', '_')]).find((one) => one !== undefined && one !== null);
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'number':
      return typeof value === 'number' || (bare && value === true) ? value : undefined;
    case 'texts':
      return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : undefined;
    case 'text':
      if (isMapping(value)) return JSON.stringify(value);
      return typeof value === 'string' || (bare && value === true) ? value : undefined;
  }
}

/** dbt keeps what was not given, too; what comes out empty says nothing. */
const saysNothing = (value: Value | undefined): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** The vars of the first run, and over them those that are given now. */
async function varsOf(first: unknown, now: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  const given = await dictionary('--vars', now ?? '{}');
  const kept = isMapping(first) ? first : await dictionary('--vars', typeof first === 'string' ? first : '{}');
  const lost = Object.keys(kept).filter((name) => !(name in given) && isMasked(kept[name]));
  if (lost.length > 0)
    fail({
      code: 'retry-needs-secret',
      message: `the first run had a secret in ${lost.map((name) => `the var '${name}'`).join(', ')}, and secrets are not kept`,
      hint: `Give it again: dwh retry --vars '{${lost.map((name) => `${name}: …`).join(', ')}}'`,
    });
  return { ...kept, ...given };
}

async function combined(first: Readonly<Record<string, unknown>>, now: Given, options: Options): Promise<Given> {
  const vars = await varsOf(first.vars, now.written.has('vars') ? now.text('vars') : undefined);
  const entries = Object.entries(options).flatMap(([name, option]): (readonly [string, Value])[] => {
    if (name === 'vars') return Object.keys(vars).length > 0 ? [[name, JSON.stringify(vars)]] : [];
    // --state of retry is where the results are; the first run's is what it compared with.
    const isNow = OF_NOW.has(name) || (now.written.has(name) && name !== 'state');
    const value = isNow ? (now.values[name.replaceAll('-', '_')] as Value | undefined) : keptValue(name, option, first);
    if (value === undefined || saysNothing(value)) return [];
    if (!isNow && isMasked(value))
      fail({
        code: 'retry-needs-secret',
        message: `the first run had a secret in --${name}, and secrets are not kept`,
        hint: `Run the command itself again: dwh ${spelt(first.which)} …`,
      });
    return [[name, value]];
  });
  return givenOf(Object.fromEntries(entries), typeof first.macro === 'string' ? [first.macro] : [], now.written);
}

async function goOn(invocation: Invocation): Promise<number> {
  const asked = await requestOf('retry', invocation);
  const { projectDir, state } = asked;
  const folder = resolve(projectDir, state ?? asked.targetPath ?? projectSettings(asked).string('target-path') ?? 'target');
  const run = earlierRun(folder, relative(projectDir, folder) || '.');
  const which = String(run.args.which);
  const load = COMMANDS[which];
  if (!load)
    return fail({
      code: 'no-earlier-run',
      message: `the run in ${relative(projectDir, join(folder, 'run_results.json'))} was 'dwh ${spelt(which)}', which cannot be retried`,
      hint: `Those that can: ${Object.keys(COMMANDS).map(spelt).join(', ')}`,
    });
  const nodes = failedNodes(run);
  if (nodes.length === 0) {
    const nothing = hooksFailed(run)
      ? `Nothing to retry: only hooks of the project failed, and they belong to a whole run. Run it again: dwh ${spelt(which)}`
      : `Nothing to retry: all that 'dwh ${spelt(which)}' had to do went well.`;
    const perform: typeof invocation.system.perform = async (_request, _deps, emit) =>
      emit({ type: 'note', level: 'info', message: nothing });
    return carryOut(asked, { ...invocation, system: { ...invocation.system, perform } });
  }
  const command = await load();
  const given = await combined(run.args, invocation.given, { ...globalOptions, ...command.options });
  return command.run({ ...invocation, given, retry: { nodes, all: run.nodes, startedAt: run.startedAt, results: run.results } });
}

export const retry: Command = {
  options: {
    state: { ...selectionOptions.state, group: 'Selection' },
    ...fullRefreshOption,
    ...leaseOptions,
    ...dryRunOption,
  },
  examples: [
    ['dwh retry', 'what the last run left'],
    ["dwh retry --vars '{day: 2024-01-02}'", 'with another value of a var'],
    ['dwh retry --state saved', 'of a run whose artifacts were kept'],
  ],
  run: goOn,
};

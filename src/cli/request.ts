// From what was given to what the engine is asked for.
import type { IndirectSelection, Request } from '../core/request.ts';
import type { Invocation } from './command.ts';
import { eventTime, sample } from './event-time.ts';
import { usage } from './given.ts';
import { projectDir } from './project-dir.ts';
import { dictionary } from './vars.ts';
import { VERSION } from './version.ts';
import { warningPolicy } from './warning-options.ts';

/** node's own default, when UV_THREADPOOL_SIZE says nothing. */
const THREADPOOL = 4;

/** `command`: as the engine knows it. `dbtName`: dbt's `which`, where it differs. */
export async function requestOf(
  command: string,
  { given, system, startedAt, argv, retry }: Invocation,
  dbtName = command,
): Promise<Request> {
  const { env, cwd } = system;
  const text = <K extends string>(key: K, name: string): { [P in K]?: string } => {
    const value = given.text(name);
    return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
  };
  const threads = given.number('threads');
  if (threads !== undefined && threads < 1) usage(`--threads is ${threads}, and should be 1 or more`);
  const limit = given.number('limit');
  const wait = given.flag('wait') ? Number.POSITIVE_INFINITY : given.number('wait');
  if (wait !== undefined && wait < 0) usage(`--wait is ${wait}, and should be 0 or more`);
  const outputKeys = words(given.texts('output-keys'));
  const vars = await dictionary('--vars', given.text('vars') ?? '{}');
  const storeFailures = given.flag('store-failures');
  const publish = given.text('publish');
  const [time, sampled] = [eventTime(given), await sample(given, startedAt)];
  return {
    command,
    projectDir: projectDir(given.text('project-dir'), cwd),
    ...text('profilesDir', 'profiles-dir'),
    ...text('profile', 'profile'),
    ...text('target', 'target'),
    ...text('targetPath', 'target-path'),
    vars,
    selection: {
      select: words(given.texts('select')),
      exclude: words(given.texts('exclude')),
      ...text('selector', 'selector'),
      resourceTypes: given.texts('resource-type'),
      excludeResourceTypes: given.texts('exclude-resource-type'),
      indirect: (given.text('indirect-selection') ?? 'eager') as IndirectSelection,
    },
    ...(given.flag('single-threaded') ? { threads: 1 } : threads !== undefined && { threads }),
    fullRefresh: given.flag('full-refresh') ?? false,
    failFast: given.flag('fail-fast') ?? false,
    ...(storeFailures !== undefined && { storeFailures }),
    ...(publish !== undefined && { publish: publish as 'tested' | 'always' }),
    load: given.flag('load') ?? true,
    dryRun: given.flag('dry-run') ?? false,
    empty: given.flag('empty') ?? false,
    ...(time && { eventTime: time }),
    ...(sampled && { sample: sampled }),
    warnError: given.flag('warn-error') ?? false,
    warnings: await warningPolicy(given),
    failOnEmpty: given.flag('fail-on-empty') ?? false,
    partialParse: given.flag('partial-parse') ?? true,
    writeJson: given.flag('write-json') ?? true,
    print: given.flag('print') ?? true,
    introspect: given.flag('introspect') ?? true,
    env,
    startedAt,
    ...(retry && { retry }),
    invocationId: system.newId(),
    version: VERSION,
    homeDir: system.homeDir,
    cwd,
    maxConcurrency: Math.max(1, (positive(env.UV_THREADPOOL_SIZE) ?? THREADPOOL) - 1),
    ...(wait !== undefined && { waitSeconds: wait }),
    ...(given.flag('steal') && { steal: true }),
    ...(given.flag('show') && { show: true }),
    ...text('inline', 'inline'),
    ...(limit !== undefined && { limit }),
    ...text('output', 'output'),
    ...(outputKeys.length > 0 && { outputKeys }),
    ...text('state', 'state'),
    ...text('deferState', 'defer-state'),
    ...(given.flag('defer') && { defer: true }),
    ...(given.flag('favor-state') && { favorState: true }),
    ...(given.flag('config-dir') && { profilesOnly: true }),
    ...(given.flag('connection') && { connectionOnly: true }),
    args: {
      which: dbtName,
      invocation_command: ['dwh', ...argv].join(' '),
      ...given.values,
      ...(given.text('vars') !== undefined && { vars }),
    },
  };
}

const positive = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;

/** `-s "a b" c`: blanks separate within an argument too. */
const words = (texts: readonly string[]): readonly string[] => texts.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '');

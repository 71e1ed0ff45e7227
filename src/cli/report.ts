// One engine call with its reporters: chooses how to report, hands on Ctrl-C, writes the artifacts, folds the exit status.
import { isAbsolute, join, resolve } from 'node:path';
import type { EventBody } from '../core/event.ts';
import { DwhError } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import { judgedEvent, NO_POLICY } from '../core/warnings.ts';
import { runResults, runResultsText, sourcesJson, writeArtifact } from '../reporters/artifacts.ts';
import { exitStatus } from '../reporters/exit-status.ts';
import { type Journal, openJournal } from '../reporters/journal.ts';
import { look } from '../reporters/look.ts';
import { plainReporter } from '../reporters/plain.ts';
import { advance, type Level, type Progress, type Reporter, reaches, startProgress } from '../reporters/reporter.ts';
import type { Invocation } from './command.ts';
import { type Given, usage } from './given.ts';
import { replayOf } from './replay.ts';
import type { OutputStream, System } from './system.ts';

/** They answer on stdout, and what they have to say on the way goes to stderr. */
const ANSWERS = new Set(['ls', 'show', 'compile', 'lint']);
/** Whoever has to do it over again has lost nothing. */
const CHANGES_NOTHING = new Set(['compile', 'docs generate']);
const WITHOUT_RESULTS = new Set(['ls', 'show', 'parse', 'debug', 'lint']);

/** The exit status. A DwhError becomes problems in the report; any other error is a bug and goes on. */
export async function carryOut(request: Request, invocation: Invocation): Promise<number> {
  const { system, secrets } = invocation;
  const progress = startProgress();
  const reporter = await chooseReporter(request, invocation);
  const journal = hasResults(request) ? openJournal(request, secrets, { atOnce: !CHANGES_NOTHING.has(request.command) }) : undefined;
  const file = await logFileOf(request, invocation);
  const policy = request.warnings ?? NO_POLICY;
  const emit = (said: EventBody): void => {
    const body = judgedEvent(policy, said);
    if (!body) return;
    const event = { at: system.clock(), ...body };
    advance(progress, event);
    journal?.heard(event, progress);
    reporter.report(event);
    file?.report(event);
  };
  const controller = new AbortController();
  const deaf = system.onInterrupt(() => {
    controller.abort();
    emit({ type: 'note', level: 'info', message: 'Interrupted: cancelling what is running. Once more kills dwh.' });
  });
  try {
    await system.perform(request, { clock: system.clock, signal: controller.signal, here: system.here, secrets }, emit);
  } catch (error) {
    if (error instanceof DwhError) emit({ type: 'problems', problems: error.problems });
    // What was asked to stop has stopped.
    else if (!(controller.signal.aborted && error instanceof Error && error.name === 'AbortError')) throw error;
  } finally {
    try {
      writeArtifacts(progress, request, invocation, journal, emit);
    } finally {
      deaf();
      reporter.close();
      file?.close();
    }
  }
  if (controller.signal.aborted && progress.finished?.interrupted !== false) return 130;
  return exitStatus(progress, policy);
}

/** Asked for when something has failed: what is secret is known by then. */
const replayIn =
  ({ given, secrets }: Invocation): (() => string) =>
  () =>
    secrets.mask(replayOf(given));

async function chooseReporter(request: Request, invocation: Invocation): Promise<Reporter> {
  const { given, system } = invocation;
  const { stdout, stderr, env, clock, every } = system;
  const replay = replayIn(invocation);
  const format = given.text('log-format');
  const level = levelOf(given, format);
  if (format === 'json') {
    const { jsonReporter } = await import('../reporters/json.ts');
    return jsonReporter({ out: stdout, level, invocationId: request.invocationId, pid: system.pid, command: request.command });
  }
  const log = ANSWERS.has(request.command) ? stderr : stdout;
  const live = isLive(log, env);
  const columns = live ? Math.min(log.columns(), 120) : 80;
  const options = {
    log,
    out: stdout,
    level,
    look: look({ colors: colorsOf(given, log, system), width: given.number('printer-width') ?? columns }),
    get replay() {
      return replay();
    },
  };
  if (!live || !reaches('info', level)) return plainReporter(options);
  const { terminalReporter } = await import('../reporters/terminal.ts');
  return terminalReporter(Object.assign(options, { clock, every, columns: log.columns }));
}

const LOG_FILE_BYTES = 10 * 1024 * 1024;

/** Only where a folder is named for it: what a run did is in its artifacts, and in what the terminal showed. */
async function logFileOf(request: Request, invocation: Invocation): Promise<Reporter | undefined> {
  const { given, system } = invocation;
  const folder = given.text('log-path');
  const level = (given.text('log-level-file') as Level | undefined) ?? 'debug';
  if (folder === undefined || level === 'none') return undefined;
  const maxBytes = given.number('log-file-max-bytes') ?? LOG_FILE_BYTES;
  if (maxBytes < 0) usage(`--log-file-max-bytes is ${maxBytes}, and should be 0 or more`, 'With 0 the file may grow without end.');
  const { logFile } = await import('../reporters/log-file.ts');
  const path = resolve(request.projectDir, folder);
  try {
    return logFile({
      folder: path,
      level,
      json: given.text('log-format-file') === 'json',
      maxBytes,
      startedAt: request.startedAt,
      invocationId: request.invocationId,
      pid: system.pid,
      command: request.command,
      replay: replayIn(invocation),
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new DwhError(
      [
        {
          code: 'log-unwritable',
          message: `no log can be written in ${path}: ${error.message}`,
          hint: 'Give --log-path a folder that you may write to, or leave it out.',
        },
      ],
      { cause: error },
    );
  }
}

function levelOf(given: Given, format: string | undefined): Level {
  if (given.flag('quiet')) return 'error';
  if (given.flag('debug') || format === 'debug') return 'debug';
  return (given.text('log-level') as Level | undefined) ?? 'info';
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';

/** A terminal that somebody looks at. */
const isLive = (stream: OutputStream, env: System['env']): boolean => stream.isTTY && !isSet(env.CI) && env.TERM !== 'dumb';

/** https://no-color.org: a variable that is there, whatever it holds; what is said of colours in particular counts more. */
export const colorsOf = (given: Given | undefined, stream: OutputStream, { env }: System): boolean =>
  given?.flag('use-colors') ?? (isLive(stream, env) && (env.NO_COLOR ?? '') === '');

const withoutResults = ({ command, docs }: Pick<Request, 'command' | 'docs'>): boolean =>
  WITHOUT_RESULTS.has(command) || docs?.compile === false;

/** Of which `retry` can be asked. */
const hasResults = ({ dryRun, writeJson, ...request }: Request): boolean =>
  !withoutResults(request) && request.command !== 'source freshness' && !dryRun && writeJson !== false;

function artifactText(progress: Progress, request: Request, { secrets }: Invocation, journal: Journal | undefined): string {
  if (request.command === 'source freshness') return secrets.json(sourcesJson(progress, request));
  // A secret may have been learned after a row was made. Those of a retry stand among those of the run before.
  const rows = secrets.isEmpty() && !request.retry ? journal?.rows() : undefined;
  return rows ? runResultsText(rows, progress, request) : secrets.json(runResults(progress, request));
}

function writeArtifacts(
  progress: Progress,
  request: Request,
  invocation: Invocation,
  journal: Journal | undefined,
  emit: (body: EventBody) => void,
): void {
  const targetPath = progress.started?.targetPath;
  if (targetPath === undefined || withoutResults(request) || request.writeJson === false || request.dryRun) return;
  const named = request.command === 'source freshness' ? invocation.given.text('output') : undefined;
  const path =
    named !== undefined
      ? resolve(request.cwd, named)
      : join(targetPath, request.command === 'source freshness' ? 'sources.json' : 'run_results.json');
  try {
    writeArtifact(path, artifactText(progress, request, invocation, journal));
    // Of a run that broke off before its end the journal knows what was left out.
    journal?.close(progress.finished !== undefined);
  } catch (error) {
    journal?.close(false);
    if (!(error instanceof Error && 'code' in error)) throw error;
    const shown = isAbsolute(path) ? path.replace(`${request.cwd}/`, '') : path;
    emit({
      type: 'problems',
      problems: [
        {
          code: 'artifact-unwritable',
          message: `${shown} could not be written: ${error.message}`,
          hint: 'Make room for it, or name another folder with --target-path.',
        },
      ],
    });
  }
}

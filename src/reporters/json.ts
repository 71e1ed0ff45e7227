// One JSON object a line, in the shape of dbt's structured log, so that tools that read dbt's read dwh's: `info` says what
// kind of event it is, `data` what happened. Keys never change their meaning; new ones may come.
import type { Event, NodeResult } from '../core/event.ts';
import { locationText } from '../core/location.ts';
import type { UniqueId } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { rowsAsObjects } from '../core/table-text.ts';
import {
  advance,
  isFailure,
  type Level,
  labelText,
  levelOf,
  type Progress,
  problemLevel,
  type Reporter,
  reaches,
  type Stream,
  startProgress,
  tally,
  total,
} from './reporter.ts';
import { countsText } from './summary.ts';

export interface JsonMeta {
  readonly invocationId: string;
  readonly pid: number;
  /** Of the command line, for answers that come without a run. */
  readonly command: string;
}

interface Line {
  readonly name: string;
  /** dbt's, where the event is dbt's. */
  readonly code: string;
  readonly level: Level;
  readonly msg: string;
  readonly thread?: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export function jsonReporter(options: JsonMeta & { readonly out: Stream; readonly level: Level }): Reporter {
  const progress = startProgress();
  return {
    report(event) {
      advance(progress, event);
      const lines = jsonLines(event, progress, options).filter(({ level }) => event.type === 'output' || reaches(level, options.level));
      if (lines.length > 0) options.out.write(`${lines.map((line) => JSON.stringify(shaped(line, event.at, options))).join('\n')}\n`);
    },
    close() {},
  };
}

const shaped = ({ name, code, level, msg, thread, data }: Line, at: number, meta: JsonMeta): Record<string, unknown> => ({
  data,
  info: {
    category: '',
    code,
    extra: {},
    invocation_id: meta.invocationId,
    level,
    msg,
    name,
    pid: meta.pid,
    thread: thread === undefined ? 'MainThread' : `Thread-${thread + 1}`,
    ts: new Date(at).toISOString(),
  },
});

const problemData = ({ code, message, at, hint, detail = [], severity = 'error' }: Problem): Record<string, unknown> => ({
  problem: code,
  severity,
  message,
  file: at?.file ?? null,
  line: at?.line ?? null,
  column: at?.column ?? null,
  hint: hint ?? null,
  detail,
});

const problemText = ({ code, message, at }: Problem): string => `${at ? `${locationText(at)} ` : ''}[${code}] ${message}`;

function nodeInfo(node: UniqueId, progress: Progress, result?: NodeResult): Record<string, unknown> {
  const label = progress.labels.get(node);
  const started = progress.running.get(node) ?? result?.startedAt;
  return {
    unique_id: node,
    resource_type: label?.resource_type ?? node.split('.')[0],
    node_name: label?.name ?? node.split('.')[2] ?? node,
    node_path: label?.path ?? '',
    materialized: label?.materialized ?? '',
    node_status: result?.status ?? 'started',
    node_started_at: started === undefined ? '' : new Date(started).toISOString(),
    node_finished_at: result ? new Date(result.endedAt).toISOString() : '',
    node_relation: {
      database: label?.relation?.database ?? '',
      schema: label?.relation?.schema ?? '',
      alias: label?.relation?.identifier ?? '',
      relation_name: result?.relationName ?? '',
    },
  };
}

const resultNames: Readonly<Record<string, readonly [string, string]>> = {
  test: ['LogTestResult', 'Q007'],
  unit_test: ['LogTestResult', 'Q007'],
  model: ['LogModelResult', 'Q012'],
  snapshot: ['LogSnapshotResult', 'Q015'],
  seed: ['LogSeedResult', 'Q016'],
  operation: ['LogHookEndLine', 'Q033'],
  exposure: ['LogNodeNoOpResult', 'Q019'],
};

const answerNames: Readonly<Record<string, readonly [string, string]>> = {
  ls: ['ListCmdOut', 'Z049'],
  show: ['ShowNode', 'Q041'],
  compile: ['CompiledNode', 'Q042'],
};

/** The objects of one event; `progress` has it in already. */
export function jsonLines(event: Event, progress: Progress, options: Pick<JsonMeta, 'command'>): readonly Line[] {
  const command = progress.started?.command ?? options.command;
  switch (event.type) {
    case 'problems':
      return event.problems.map((problem) =>
        problemLevel(problem) === 'error'
          ? {
              name: 'MainEncounteredError',
              code: 'Z002',
              level: 'error',
              msg: problemText(problem),
              data: { exc: problem.message, ...problemData(problem) },
            }
          : { name: 'Warning', code: problem.code, level: problemLevel(problem), msg: problemText(problem), data: problemData(problem) },
      );
    case 'note':
      return [{ name: 'Note', code: 'Z050', level: event.level, msg: event.message, data: { msg: event.message } }];
    case 'run-started':
      return [
        {
          name: 'MainReportVersion',
          code: 'A001',
          level: 'info',
          msg: `Running with dwh=${event.version}`,
          data: { version: event.version, log_version: 3, adapter: event.adapter },
        },
        {
          name: 'FoundStats',
          code: 'W006',
          level: 'info',
          msg: `Found ${countsText(event.found) || 'nothing'}`,
          data: { stat_line: countsText(event.found), found: event.found },
        },
        {
          name: 'ConcurrencyLine',
          code: 'Q027',
          level: 'info',
          msg: `Concurrency: ${event.threads} threads (target='${event.target}')`,
          data: { num_threads: event.threads, target_name: event.target, node_count: event.nodes.length },
        },
      ];
    case 'node-started': {
      const description = labelText(progress, event.node);
      const info = nodeInfo(event.node, progress);
      return [
        {
          name: 'NodeStart',
          code: 'Q024',
          level: 'debug',
          msg: `Began running node ${event.node}`,
          thread: event.thread,
          data: { node_info: info },
        },
        {
          name: 'LogStartLine',
          code: 'Q011',
          level: 'info',
          msg: `${progress.numbers.get(event.node)} of ${total(progress)} START ${description}`,
          thread: event.thread,
          data: { description, index: progress.numbers.get(event.node), total: total(progress), node_info: info },
        },
      ];
    }
    case 'statement':
      return [
        {
          name: 'SQLQuery',
          code: 'E016',
          level: 'debug',
          msg: `On ${event.node}: ${event.sql}`,
          data: { conn_name: event.node, sql: event.sql, node_info: nodeInfo(event.node, progress) },
        },
      ];
    case 'node-finished':
      return [resultLine(event.result, progress), finishedLine(event.result, progress)];
    case 'linted':
      return [
        {
          name: 'Linted',
          code: 'Z050',
          level: 'info',
          msg: `${event.refused} refused, ${event.warnings} warnings`,
          data: { refused: event.refused, warnings: event.warnings },
        },
      ];
    case 'output': {
      const [name, code] = answerNames[command] ?? ['Output', 'Z050'];
      const text = event.text.trimEnd();
      // As in dbt, each name that ls finds is an event.
      const parts = command === 'ls' ? text.split('\n') : [text];
      return parts.map((msg) => ({ name, code, level: 'info', msg, data: { msg } }));
    }
    case 'run-finished': {
      const counts = tally(progress.results);
      const warnings = progress.results.filter((result) => levelOf(result) === 'warn').length;
      const partial = progress.results.filter(({ status }) => status === 'partial success').length;
      const stats = {
        pass: counts.pass,
        warn: counts.warn,
        error: counts.error,
        skip: counts.skip,
        noop: counts.noop,
        total: counts.total,
      };
      const done = `Done. PASS=${counts.pass} WARN=${counts.warn} ERROR=${counts.error} SKIP=${counts.skip} NO-OP=${counts.noop} TOTAL=${counts.total}`;
      const success = counts.error === 0 && !event.interrupted;
      return [
        {
          name: 'EndOfRunSummary',
          code: 'Z030',
          level: 'info',
          msg: event.interrupted ? 'Interrupted' : success ? 'Completed successfully' : `Completed with ${counts.error} errors`,
          data: {
            num_errors: counts.error - partial,
            num_partial_success: partial,
            num_warnings: warnings,
            keyboard_interrupt: event.interrupted,
          },
        },
        ...progress.results.flatMap((result) => whatWentWrong(result, progress)),
        { name: 'StatsLine', code: 'Z023', level: 'info', msg: done, data: { stats } },
        {
          name: 'CommandCompleted',
          code: 'Q039',
          level: 'info',
          msg: `Command \`dwh ${command}\` ${success ? 'succeeded' : 'failed'} after ${(event.ms / 1000).toFixed(2)} seconds`,
          data: { command: `dwh ${command}`, success, elapsed: event.ms / 1000, completed_at: new Date(event.at).toISOString() },
        },
      ];
    }
  }
}

/** What each result is a second time in the end, as dbt says it below its summary. */
function whatWentWrong(result: NodeResult, progress: Progress): readonly Line[] {
  const { node, status, thread } = result;
  const isWarning = status === 'warn';
  if (!isFailure(status) && !isWarning) return [];
  const info = nodeInfo(node, progress, result);
  const file = progress.labels.get(node)?.file ?? '';
  const msg = messageOf(result);
  const named = { node_name: info.node_name, resource_type: info.resource_type, path: file };
  const what = `${isWarning ? 'Warning' : 'Failure'} in ${named.resource_type} ${named.node_name} (${file})`;
  return isWarning
    ? [
        { name: 'RunResultWarning', code: 'Z021', level: 'warn', msg: what, thread, data: { ...named, node_info: info } },
        { name: 'RunResultWarningMessage', code: 'Z046', level: 'warn', msg, thread, data: { msg, node_info: info } },
      ]
    : [
        { name: 'RunResultFailure', code: 'Z022', level: 'error', msg: what, thread, data: { ...named, node_info: info } },
        { name: 'RunResultError', code: 'Z024', level: 'error', msg, thread, data: { msg, node_info: info } },
      ];
}

const messageOf = ({ message, problem, status }: NodeResult): string => message ?? problem?.message ?? status;

function finishedLine(result: NodeResult, progress: Progress): Line {
  const { node, status, failures, ms, thread, adapterResponse, startedAt, executeAt, endedAt } = result;
  const time = (at: number): string => new Date(at).toISOString();
  return {
    name: 'NodeFinished',
    code: 'Q025',
    level: 'debug',
    msg: `Finished running node ${node}`,
    thread,
    data: {
      node_info: nodeInfo(node, progress, result),
      run_result: {
        status,
        message: messageOf(result),
        execution_time: ms / 1000,
        num_failures: failures ?? 0,
        adapter_response: adapterResponse,
        thread: `Thread-${thread + 1}`,
        timing_info: [
          { name: 'compile', started_at: time(startedAt), completed_at: time(executeAt) },
          { name: 'execute', started_at: time(executeAt), completed_at: time(endedAt) },
        ],
      },
    },
  };
}

function resultLine(result: NodeResult, progress: Progress): Line {
  const { node, status, failures, ms, problem, warnings, sample, rejects = [] } = result;
  const description = labelText(progress, node);
  const type = progress.labels.get(node)?.resource_type ?? node.split('.')[0] ?? '';
  const loaded: readonly [string, string] =
    progress.started?.command === 'source freshness' ? ['LogFreshnessResult', 'Q018'] : ['LogLoadResult', 'Q012'];
  const [name, code] =
    status === 'skipped' ? ['SkippingDetails', 'Q034'] : type === 'source' ? loaded : (resultNames[type] ?? ['LogModelResult', 'Q012']);
  const message = messageOf(result);
  return {
    name,
    code,
    level: levelOf(result),
    msg: `${progress.numbers.get(node)} of ${total(progress)} ${status.toUpperCase()} ${description}${isFailure(status) ? `: ${message}` : ''}`,
    thread: result.thread,
    data: {
      description,
      index: progress.numbers.get(node),
      total: total(progress),
      status,
      execution_time: ms / 1000,
      message,
      failures: failures ?? null,
      num_failures: failures ?? 0,
      adapter_response: result.adapterResponse,
      problem: problem ? problemData(problem) : null,
      warnings: warnings.map(problemData),
      rejects,
      sample: sample ? rowsAsObjects(sample.columns, sample.rows) : [],
      node_info: nodeInfo(node, progress, result),
    },
  };
}

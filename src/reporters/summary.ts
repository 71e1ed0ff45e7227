// What a run ends with: warnings, then every failure with its place, rows and the command that reproduces it, then the counts.

import { differenceLines } from '../core/difference-text.ts';
import type { NodeResult, RejectCount } from '../core/event.ts';
import type { Node } from '../core/node.ts';
import { oneLine, tableText } from '../core/table-text.ts';
import { again } from './again.ts';
import { durationText, type Look } from './look.ts';
import { problemLines } from './problem-text.ts';
import { isFailure, type Level, labelText, type Progress, reaches, tally } from './reporter.ts';

export interface SummaryOptions {
  readonly look: Look;
  readonly level: Level;
  readonly replay: string;
  /** The command's answer is what counts: no counts when all went well. */
  readonly answers: boolean;
}

/** Files or reasons beyond this many are counted, not listed. */
const MAX_REJECT_LINES = 20;
const MAX_CELL = 48;

export function summaryLines(progress: Progress, options: SummaryOptions): readonly string[] {
  const { look, level } = options;
  const { results, finished } = progress;
  const failed = results.filter(({ status }) => isFailure(status));
  const warned = results.filter((result) => !isFailure(result.status) && (result.status === 'warn' || result.warnings.length > 0));
  const rejecting = results.filter(({ rejects }) => (rejects ?? []).length > 0);
  const skipped = results.filter(({ status }) => status === 'skipped');
  const well = failed.length === 0 && warned.length === 0 && skipped.length === 0 && !finished?.interrupted;
  const lines: string[] = [];
  if (reaches('info', level) && !(options.answers && well)) lines.push('', headline(progress, failed.length, warned.length, look));
  for (const result of warned) if (reaches('warn', level)) lines.push('', ...nodeLines(result, progress, options));
  for (const result of rejecting) if (reaches('warn', level) && !warned.includes(result)) lines.push('', ...rejectLines(result, progress));
  for (const result of failed) if (reaches('error', level)) lines.push('', ...nodeLines(result, progress, options));
  if (skipped.length > 0 && reaches('info', level)) lines.push('', ...skipLines(skipped, progress, look));
  const counts = tally(results);
  if (reaches('info', level) && !(options.answers && well)) {
    lines.push(
      '',
      `Done. PASS=${counts.pass} WARN=${counts.warn} ERROR=${counts.error} SKIP=${counts.skip} NO-OP=${counts.noop} TOTAL=${counts.total}`,
    );
  }
  return lines;
}

/** In the order in which a run does them, not of whatever ended first. */
const KINDS: readonly Node['resource_type'][] = [
  'source',
  'seed',
  'snapshot',
  'function',
  'model',
  'analysis',
  'unit_test',
  'test',
  'exposure',
  'operation',
];

function headline({ started, finished, labels, results }: Progress, errors: number, warnings: number, { colors }: Look): string {
  const finishedTypes: Record<string, number> = Object.fromEntries(KINDS.map((type) => [type, 0]));
  for (const { node } of results) {
    const type = labels.get(node)?.resource_type ?? 'node';
    finishedTypes[type] = (finishedTypes[type] ?? 0) + 1;
  }
  const what = countsText(finishedTypes) || 'nothing';
  const spent = finished ? ` in ${durationText(finished.ms)}` : '';
  if (finished?.interrupted) return colors.yellow(`Interrupted after ${what}${spent}`);
  const verb = started?.command === 'compile' ? 'Compiled' : 'Finished';
  const outcome = [errors > 0 && plural('error', errors), warnings > 0 && plural('warning', warnings)].filter((text) => text !== false);
  const text = `${verb} ${what}${spent}${outcome.length > 0 ? `, with ${outcome.join(' and ')}` : ''}`;
  return errors > 0 ? colors.red(text) : warnings > 0 ? colors.yellow(text) : colors.green(text);
}

function nodeLines(result: NodeResult, progress: Progress, { look, replay }: SummaryOptions): readonly string[] {
  const { status, problem, message, warnings, sample, difference, compiledPath, node } = result;
  const { colors } = look;
  const kind = status === 'fail' ? 'Failure' : status === 'partial success' ? 'Partial success' : isFailure(status) ? 'Error' : 'Warning';
  const label = progress.labels.get(node);
  const paint = isFailure(status) ? colors.red : colors.yellow;
  const lines = [paint(colors.bold(`${kind} in ${oneLine(labelText(progress, node))}`))];
  if (problem) lines.push(...problemLines(problem, look, '  '));
  else if (isFailure(status) || status === 'warn') {
    const place = label ? `${colors.bold(`${label.file}:${label.line}`)} ` : '';
    const [first = '', ...more] = (message ?? status).split('\n').map(oneLine);
    lines.push(`  ${place}${first}`, ...more.map((line) => `    ${line}`));
  }
  for (const warning of warnings) if (warning !== problem) lines.push(...problemLines(warning, look, '  '));
  lines.push(...rejectLines(result, progress).slice(1));
  if (sample && sample.columns.length > 0) lines.push(...tableText(sample.columns, sample.rows, MAX_CELL).map((line) => `    ${line}`));
  if (difference) {
    const shown = { separator: ' | ', width: look.width - 4, maxCell: MAX_CELL, expected: colors.red, actual: colors.green };
    lines.push(
      `    ${colors.red('expected')}→${colors.green('actual')}`,
      ...differenceLines(difference, shown).map((line) => `    ${line}`),
    );
  }
  if (status !== 'success' && compiledPath && !mentions(problem?.detail, compiledPath))
    lines.push(colors.dim(`  compiled: ${compiledPath}`));
  const command = isFailure(status) || status === 'warn' ? again(result, progress, replay) : undefined;
  if (command !== undefined) lines.push(`  again: ${colors.cyan(command)}`);
  return lines;
}

const mentions = (detail: readonly string[] | undefined, path: string): boolean => detail?.some((line) => line.includes(path)) ?? false;

/** A heading and an aligned table: file, reason, count, the first one. */
function rejectLines({ node, rejects = [] }: NodeResult, progress: Progress): readonly string[] {
  if (rejects.length === 0) return [];
  const records = rejects.reduce((sum, { count }) => sum + count, 0);
  const row = ({ file, reason, count, line, column, value }: RejectCount): readonly (string | number)[] => [
    file,
    reason,
    count,
    `line ${line}${column === undefined ? '' : `, ${column}`}${value === undefined ? '' : `: ${value}`}`,
  ];
  const listed = rejects.slice(0, MAX_REJECT_LINES);
  const more = rejects.length - listed.length;
  return [
    `${plural('record', records)} rejected in ${oneLine(labelText(progress, node))}`,
    ...tableText(['file', 'reason', 'records', 'first'], listed.map(row), MAX_CELL).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more ${more === 1 ? 'line' : 'lines'} like these`] : []),
  ];
}

function skipLines(skipped: readonly NodeResult[], progress: Progress, { colors }: Look): readonly string[] {
  const shown = skipped.slice(0, 10).map(({ node }) => oneLine(labelText(progress, node)));
  const more = skipped.length - shown.length;
  return [colors.dim(`Skipped ${plural('node', skipped.length)}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`)];
}

/** `word` in either number: '1 model', '3 models', '2 analyses'. */
export function plural(word: string, count: number): string {
  const one = word.replace(/^analyses$/, 'analysis').replace(/(?<!si)s$/, '');
  return `${count} ${count === 1 ? one : one === 'analysis' ? 'analyses' : `${one}s`}`;
}

const names: Readonly<Record<string, string>> = { test: 'data test', unit_test: 'unit test', operation: 'hook' };

/** '12 models, 3 seeds, 40 data tests'; kinds that are not there are left out. */
export const countsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => plural(names[kind] ?? kind.replaceAll('_', ' '), count))
    .join(', ');

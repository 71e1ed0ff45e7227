// Events to lines of text, for a terminal and for logs alike: a line per node as it starts and ends, problems, and a summary
// that ends with every failure and the command that reproduces it. A pure fold: it writes nothing.
import type { Event, NodeResult } from '../core/event.ts';
import { cutText, oneLine, textWidth } from '../core/table-text.ts';
import { durationText, type Look, statusColor, statusWord } from './look.ts';
import { problemLines } from './problem-text.ts';
import { type Level, labelText, levelOf, type Progress, problemLevel, type RunStarted, reaches, total } from './reporter.ts';
import { countsText, summaryLines } from './summary.ts';

export interface TextOptions {
  readonly look: Look;
  /** What is below it is left out. */
  readonly level: Level;
  /** Options to repeat in the commands that reproduce a failure: `--target prod`. */
  readonly replay: string;
}

/** Commands that answer on stdout: of what they do on the way, only the unusual is told. */
const ANSWERS = new Set(['ls', 'show', 'compile', 'lint']);

/** `progress` has the event in it already. `output` events are not text of the report: see the writers. */
export function textLines(event: Event, progress: Progress, options: TextOptions): readonly string[] {
  const at = (level: Level, lines: () => readonly string[]): readonly string[] => (reaches(level, options.level) ? lines() : []);
  const answers = ANSWERS.has(progress.started?.command ?? '');
  switch (event.type) {
    case 'problems':
      return event.problems.flatMap((problem) => at(problemLevel(problem), () => problemLines(problem, options.look)));
    case 'note':
      return at(event.level, () => event.message.split('\n'));
    case 'run-started':
      return at(answers ? 'debug' : 'info', () => headerLines(event, options.look));
    case 'node-started':
      return at(answers ? 'debug' : 'info', () => [startLine(event.node, progress, options.look)]);
    case 'statement':
      return at('debug', () => [
        options.look.colors.dim(`-- ${event.node}`),
        ...event.sql
          .trim()
          .split('\n')
          .map((line) => options.look.colors.dim(line)),
      ]);
    case 'node-finished': {
      const level = levelOf(event.result);
      return at(answers && level === 'info' ? 'debug' : level, () => [endLine(event.result, progress, options.look)]);
    }
    case 'run-finished':
      return summaryLines(progress, { ...options, answers });
    case 'output':
    case 'linted':
      return [];
  }
}

function headerLines({ version, adapter, target, threads, found, nodes }: RunStarted, { colors }: Look): readonly string[] {
  const counts = countsText(found);
  return [
    `${colors.bold(`dwh ${version}`)} on ${adapter}, target '${target}', ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    ...(counts ? [`Found ${counts}`] : []),
    ...(nodes.length === 0 ? ['', 'Nothing to do: no node is selected.'] : ['']),
  ];
}

function startLine(node: NodeResult['node'], progress: Progress, look: Look): string {
  return dotted(node, `START ${oneLine(labelText(progress, node))}`, '[RUN]', look.colors.dim, progress, look);
}

function endLine(result: NodeResult, progress: Progress, look: Look): string {
  const { node, status, failures, message, ms } = result;
  const word = statusWord(status);
  const counted = failures !== undefined && failures > 0 && (status === 'fail' || status === 'warn') ? `${word} ${failures}` : word;
  const shown = status === 'success' && message ? oneLine(message) : counted;
  const bracket = status === 'skipped' || status === 'no-op' ? `[${word}]` : `[${shown} in ${durationText(ms)}]`;
  return dotted(node, `${counted} ${oneLine(labelText(progress, node))}`, bracket, statusColor(look, status), progress, look);
}

const LEAST_DOTS = 3;
/** Of what is said of a node, on a terminal that is too narrow for any of it. */
const LEAST_TEXT = 16;

/** '3 of 12 OK table model main.orders ........ [OK in 0.10s]' */
function dotted(
  node: NodeResult['node'],
  text: string,
  bracket: string,
  paint: (text: string) => string,
  progress: Progress,
  look: Look,
): string {
  const all = total(progress);
  const number = String(progress.numbers.get(node) ?? all).padStart(String(all).length);
  const head = `${number} of ${all} `;
  const room = look.columns === undefined ? Number.POSITIVE_INFINITY : look.columns - textWidth(head) - textWidth(bracket) - LEAST_DOTS - 2;
  const left = `${head}${cutText(text, Math.max(LEAST_TEXT, room))} `;
  const dots = Math.max(LEAST_DOTS, look.width - textWidth(left) - textWidth(bracket) - 1);
  return `${left}${look.colors.dim('.'.repeat(dots))} ${paint(bracket)}`;
}

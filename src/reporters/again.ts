// The command that reproduces one node's failure.
import type { NodeResult } from '../core/event.ts';
import type { UniqueId } from '../core/node.ts';
import type { Progress } from './reporter.ts';

/** For -s: 'orders', 'orders.v2', 'source:shop.raw_orders', 'unique_orders_id', 'unit_test:keeps_the_last'. */
export function selectorOf(node: UniqueId): string {
  const [type, , ...name] = node.split('.');
  if (type === 'source') return `source:${name.join('.')}`;
  if (type === 'unit_test') return `unit_test:${name.at(-1)}`;
  // A generic test's id ends with a hash of its arguments.
  if (type === 'test' && name.length > 1) return name.slice(0, -1).join('.');
  return name.join('.');
}

const heldBack = (result: NodeResult, test: UniqueId): boolean => {
  const message = result.message ?? result.problem?.message ?? '';
  return message.startsWith(`held back by ${test}`);
};

/** `replay`: the options that a repetition needs too, as on the command line. Undefined: a hook has no command of its own. */
export function again({ node }: NodeResult, progress: Progress, replay: string): string | undefined {
  const command = progress.started?.command ?? 'build';
  const [type] = node.split('.');
  if (type === 'operation') return undefined;
  if (type === 'macro') return ['dwh run-operation', node.split('.').slice(1).join('.'), ...(replay ? [replay] : [])].join(' ');
  // There is one node then, and none that could be selected.
  if (replay.startsWith('--inline ')) return `dwh ${command} ${replay}`;
  const with_ = (verb: string, ids: readonly UniqueId[]): string =>
    ['dwh', verb, '-s', ...ids.map(selectorOf), ...(replay ? [replay] : [])].join(' ');
  if (type === 'test' && command !== 'compile' && command !== 'show') {
    // The rows that failed were never published: only a build makes them again.
    const held = progress.results.filter((result) => heldBack(result, node)).map((result) => result.node);
    return held.length > 0 ? with_('build', held) : with_('test', [node]);
  }
  if (type === 'unit_test') return with_('test', [node]);
  return with_(command, [node]);
}

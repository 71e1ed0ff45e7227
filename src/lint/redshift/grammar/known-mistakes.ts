// Commands that exist, with words that they do not take: the rule that says which.
import type { GrammarRule } from '../rules/grammar.ts';
import type { Reader } from './reader.ts';

/** By the command's first words: the rule for what follows wrongly. */
const mistakes: readonly (readonly [string, GrammarRule])[] = [
  ['truncate', 'truncate-options'],
  ['vacuum', 'vacuum-options'],
  ['analyze', 'analyze-options'],
  ['lock', 'lock-mode'],
  ['declare', 'cursor-options'],
  ['fetch', 'fetch-direction'],
  ['savepoint', 'savepoint'],
  ['rollback to', 'savepoint'],
  ['rollback work to', 'savepoint'],
  ['rollback transaction to', 'savepoint'],
  ['rollback and', 'transaction-chain'],
  ['commit and', 'transaction-chain'],
  ['begin', 'transaction-words'],
  ['start transaction', 'transaction-words'],
  ['set', 'set-words'],
  ['refresh', 'refresh-options'],
  ['alter materialized view', 'alter-materialized-view'],
  ...['table', 'view', 'materialized view', 'schema', 'database', 'function', 'procedure', 'user', 'group', 'role'].map(
    (object) => [`drop ${object}`, 'drop-options'] as const,
  ),
  ['call', 'call-statement'],
];

export function refuseCommand(reader: Reader): void {
  const found = mistakes.find(([words]) => reader.sees(...words.split(' ')));
  if (found) reader.refuse(found[1], reader.furthestToken);
}

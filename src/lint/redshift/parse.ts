// Tokens of one statement → its tree, or the refusal. Never throws on any text.
import { expression, simple } from './grammar/expressions.ts';
import { primary } from './grammar/primary.ts';
import { continued, orderBy, query } from './grammar/query.ts';
import { type Grammar, Reader } from './grammar/reader.ts';
import { statement } from './grammar/statement.ts';
import { type Refusal, Refused } from './refusal.ts';
import { isTrivia, type Token } from './tokens.ts';
import type { Statement } from './tree/statement.ts';

const grammar: Grammar = { expression, simple, primary, query, continued, orderBy, statement };

export type Parsed =
  | { readonly statement: Statement; readonly refusal?: never }
  | { readonly statement?: never; readonly refusal: Refusal };

/** Blanks and comments among the tokens are passed over. */
export function parseStatement(tokens: readonly Token[]): Parsed {
  const reader = new Reader(
    tokens.filter((token) => !isTrivia(token)),
    grammar,
  );
  try {
    const parsed = statement(reader);
    return reader.done ? { statement: parsed } : reader.unexpected();
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

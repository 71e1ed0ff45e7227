// A script → its statements, cut at semicolons that are tokens: none in a literal, a quoted name or a comment ends a statement.
import { isTrivia, type Token, tokenize } from './tokens.ts';

export interface StatementText {
  /** Offsets in the script: from the first token to the last, without the semicolon. */
  readonly start: number;
  readonly end: number;
  /** Without blanks and comments. */
  readonly tokens: readonly Token[];
}

/** Empty statements are left out. */
export const splitStatements = (sql: string): StatementText[] => statementsOf(tokenize(sql));

export function statementsOf(tokens: readonly Token[]): StatementText[] {
  const statements: StatementText[] = [];
  let current: Token[] = [];
  const finish = (): void => {
    const [first] = current;
    const last = current.at(-1);
    if (first && last) statements.push({ start: first.start, end: last.end, tokens: current });
    current = [];
  };
  for (const token of tokens) {
    if (token.kind === 'operator' && token.value === ';') finish();
    else if (!isTrivia(token)) current.push(token);
  }
  finish();
  return statements;
}

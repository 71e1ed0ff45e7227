// The linter of an engine that comes with a parser of its own: that one decides the grammar, and the warnings of other answers are
// ours, where our own grammar understands the statement.
import { knownFrom } from './known.ts';
import type { Linter } from './linter.ts';
import { lineStarts, placeAt } from './places.ts';
import type { Finding } from './redshift/finding.ts';
import { parseStatement } from './redshift/parse.ts';
import { statementsOf } from './redshift/statements.ts';
import { tokenize } from './redshift/tokens.ts';
import { type Nulls, warningsOf } from './warnings/index.ts';

export interface SyntaxFault {
  readonly message: string;
  /** 0-based, in UTF-16 units of the statement; undefined: the engine does not tell. */
  readonly offset: number | undefined;
}

export interface EngineParser {
  /** One statement, without its semicolon; undefined: it is in order. Parses, and runs nothing. */
  fault(sql: string): Promise<SyntaxFault | undefined>;
  readonly nulls: Nulls;
  /** Where the vendor describes the language. */
  readonly url: string;
}

/** The rule of what the engine's parser refuses. */
export const SYNTAX = 'syntax';

export const engineLinter =
  ({ fault, nulls, url }: EngineParser): Linter =>
  async (sql, { known: others } = {}) => {
    const lines = lineStarts(sql);
    // A backslash escapes in literals that begin with E only.
    const texts = statementsOf(tokenize(sql, { escapes: 'marked' }));
    const trees = texts.map(({ tokens }) => parseStatement(tokens).statement);
    const known = knownFrom(trees, others);
    return Promise.all(
      texts.map(async ({ start, end }, i) => {
        const wrong = await fault(sql.slice(start, end));
        const tree = trees[i];
        if (!wrong) {
          const findings = tree ? warningsOf(tree, { source: sql, lines, known, nulls, costs: false }) : [];
          return { start, end, refused: false, findings };
        }
        const offset = Math.min(end, start + (wrong.offset ?? 0));
        const finding: Finding = { rule: SYNTAX, severity: 'error', offset, ...placeAt(offset, lines), message: wrong.message, url };
        return { start, end, refused: true, findings: [finding] };
      }),
    );
  };

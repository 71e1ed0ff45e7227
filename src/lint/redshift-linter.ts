// Redshift's linter: what it refuses by its grammar and rules, what to know of the rest, and what repairs either.

import { knownFrom } from './known.ts';
import type { LintedStatement, Linter, LintOptions } from './linter.ts';
import { lineStarts } from './places.ts';
import { check } from './redshift/check.ts';
import { isTrivia, tokenize } from './redshift/tokens.ts';
import { withRepair } from './repairs/refusals.ts';
import { warningsOf } from './warnings/index.ts';

const NULLS = { ofDescending: 'first', concatIsStrict: true } as const;

/** Never throws on any text. */
export function lintRedshift(sql: string, { known: others, inTransaction }: LintOptions = {}): readonly LintedStatement[] {
  const checked = check(sql, inTransaction === undefined ? {} : { state: { inTransaction } });
  const known = knownFrom(
    checked.map(({ tree }) => tree),
    others,
  );
  const lines = lineStarts(sql);
  return checked.map(({ start, end, tree, findings, refused }) => {
    const tokens = refused ? tokenize(sql.slice(start, end)).filter((token) => !isTrivia(token)) : [];
    const placed = tokens.map((token) => ({ ...token, start: token.start + start, end: token.end + start }));
    const errors = findings.map((finding) => withRepair(finding, placed, sql, others));
    const warnings = tree ? warningsOf(tree, { source: sql, lines, known, nulls: NULLS, costs: true }) : [];
    return { start, end, refused, findings: [...errors, ...warnings].sort((a, b) => a.offset - b.offset) };
  });
}

export const redshiftLinter: Linter = async (sql, options) => lintRedshift(sql, options);

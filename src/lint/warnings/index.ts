// An understood statement → what to know of it, though Redshift takes it.
import type { KnownRelations } from '../linter.ts';
import { placeAt } from '../places.ts';
import { scopesOf } from '../redshift/checks/relations.ts';
import type { Finding } from '../redshift/finding.ts';
import type { Statement } from '../redshift/tree/statement.ts';
import { warnOfAnswers } from './answers.ts';
import { warnOfCosts } from './costs.ts';
import { type WarningRule, warningRules } from './rules.ts';
import { typingOf } from './typing.ts';
import type { Warn } from './warn.ts';

export { warningRules } from './rules.ts';

/** What engines do with NULLs. */
export interface Nulls {
  readonly ofDescending: 'first' | 'last';
  readonly concatIsStrict: boolean;
}

export interface Warned {
  readonly source: string;
  /** Of `source`: where its lines begin. */
  readonly lines: readonly number[];
  readonly known: KnownRelations;
  readonly nulls: Nulls;
  /** Costs are Redshift's. */
  readonly costs: boolean;
}

export function warningsOf(statement: Statement, { source, lines, known, nulls, costs }: Warned): Finding[] {
  const found: Finding[] = [];
  const warn: Warn = (id, { start }, values = {}, repair) => {
    const rule: WarningRule = warningRules[id];
    const fill = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
    found.push({
      rule: id,
      severity: 'warning',
      offset: start,
      ...placeAt(start, lines),
      message: fill(rule.reason),
      rewrite: fill(rule.rewrite),
      url: rule.url,
      ...(repair && { repair }),
    });
  };
  const scopes = scopesOf(statement);
  const typing = typingOf(statement, scopes, known);
  const { ofDescending, concatIsStrict } = nulls;
  warnOfAnswers({ statement, scopes, typing, nullsOfDescending: ofDescending, concatIsStrict, source }, warn);
  if (costs) warnOfCosts(statement, scopes, typing, warn);
  return found.sort((a, b) => a.offset - b.offset);
}

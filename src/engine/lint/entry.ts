// What lint answers: an entry for each statement, as JSON for programs and as lines for people.
import { type Location, locationText } from '../../core/location.ts';
import type { Finding } from '../../lint/redshift/finding.ts';

/** At a place in the user's file. */
export type PlacedFinding = Pick<Finding, 'rule' | 'severity' | 'line' | 'column' | 'message' | 'rewrite' | 'url'>;

export interface LintEntry {
  /** As given, or as the project has it. */
  readonly file: string;
  /** Of the statement's first word. */
  readonly line: number;
  readonly refused: boolean;
  /** From top to bottom. */
  readonly findings: readonly PlacedFinding[];
}

export const byPlace = (a: PlacedFinding, b: PlacedFinding): number => a.line - b.line || a.column - b.column;

export interface Counts {
  readonly refused: number;
  readonly warnings: number;
}

export const countsOf = (entries: readonly LintEntry[]): Counts => ({
  refused: entries.filter(({ refused }) => refused).length,
  warnings: entries.reduce((sum, { findings }) => sum + findings.filter(({ severity }) => severity === 'warning').length, 0),
});

export const lintJson = (entries: readonly LintEntry[]): string =>
  `${JSON.stringify({
    statements: entries.map(({ file, line, refused, findings }) => ({
      file,
      line,
      refused,
      findings: findings.map((one) => ({
        rule: one.rule,
        severity: one.severity,
        line: one.line,
        column: one.column,
        message: one.message,
        rewrite: one.rewrite ?? null,
        url: one.url,
      })),
    })),
  })}\n`;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** `excerpt`: the line with a caret below the column. */
export function lintText(entries: readonly LintEntry[], repaired: number, excerpt: (at: Location) => readonly string[]): string {
  const lines = entries.flatMap(({ file, findings }) =>
    findings.flatMap(({ rule, severity, line, column, message, rewrite, url }) => {
      const at = { file, line, column };
      const below = [...excerpt(at), ...(rewrite === undefined ? [] : [rewrite]), url];
      return [`${locationText(at)} ${severity}[${rule}] ${message}`, ...below.map((text) => `  ${text}`), ''];
    }),
  );
  const { refused, warnings } = countsOf(entries);
  const made = repaired === 0 ? '' : `${counted(repaired, 'repair')}; `;
  return `${[...lines, `${made}${counted(entries.length, 'statement')}: ${refused} refused, ${counted(warnings, 'warning')}`].join('\n')}\n`;
}

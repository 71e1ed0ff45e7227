// All rules of Redshift's linter, as they are listed.
import { rules } from '../../lint/redshift/rules/index.ts';
import { warningRules } from '../../lint/warnings/rules.ts';

export interface ListedRule {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly rewrite: string | null;
  readonly url: string;
}

/** A rule's text with … for what findings fill in; '' when that is all of it. */
export const unfilled = (text: string): string => text.replace(/^\{\w+\}$/, '').replaceAll(/\{\w+\}/g, '…');

/** Errors first, each kind by its name. */
export function listedRules(): readonly ListedRule[] {
  const errors = [...rules].map(
    ([rule, { reason, rewrite, url }]): ListedRule => ({
      rule,
      severity: 'error',
      message: reason,
      rewrite: rewrite ?? null,
      url,
    }),
  );
  const warnings = Object.entries(warningRules).map(
    ([rule, { reason, rewrite, url }]): ListedRule => ({ rule, severity: 'warning', message: reason, rewrite, url }),
  );
  const byName = (a: ListedRule, b: ListedRule): number => (a.rule < b.rule ? -1 : 1);
  const shown = (rule: ListedRule): ListedRule => ({
    ...rule,
    message: unfilled(rule.message),
    rewrite: unfilled(rule.rewrite ?? '') || null,
  });
  return [...errors.sort(byName), ...warnings.sort(byName)].map(shown);
}

export const rulesJson = (): string => `${JSON.stringify({ rules: listedRules() })}\n`;

export function rulesText(): string {
  const all = listedRules();
  const width = Math.max(...all.map(({ rule }) => rule.length));
  return `${all.map(({ rule, severity, message }) => `${severity.padEnd(8)}${rule.padEnd(width + 2)}${message}`).join('\n')}\n`;
}

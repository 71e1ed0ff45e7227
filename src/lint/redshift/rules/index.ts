// All rules, by id: what `dwh lint --list-rules` prints and docs/lint.md is made of.
import { absentRules, grammarRules } from './grammar.ts';
import { queryRules } from './queries.ts';
import type { Rule } from './rule.ts';
import { statementRules } from './statements.ts';

/** Of statements that the grammar takes. */
export const checkRules = { ...queryRules, ...statementRules } as const;

export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...Object.entries(grammarRules),
  ...absentRules,
  ...Object.entries(checkRules),
]);

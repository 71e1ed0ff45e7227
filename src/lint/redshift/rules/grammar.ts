// All rules by which the parser refuses.
import { absentCommands, absentId, changeGrammar } from './grammar-changes.ts';
import { definitionGrammar } from './grammar-definitions.ts';
import { queryGrammar } from './grammar-queries.ts';
import type { Rule } from './rule.ts';

export const grammarRules = { ...queryGrammar, ...changeGrammar, ...definitionGrammar } as const;
export type GrammarRule = keyof typeof grammarRules;

export const absentRules: ReadonlyMap<string, Rule> = new Map(absentCommands.map(([words, rule]) => [absentId(words), rule]));

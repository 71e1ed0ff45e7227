// Writes docs/lint.md from the rules themselves: node --import tsx scripts/lint-page.ts
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unfilled } from '../src/engine/lint/rules.ts';
import { absentRules, grammarRules } from '../src/lint/redshift/rules/grammar.ts';
import { queryRules } from '../src/lint/redshift/rules/queries.ts';
import type { Rule } from '../src/lint/redshift/rules/rule.ts';
import { statementRules } from '../src/lint/redshift/rules/statements.ts';
import { type WarningRule, warningRules } from '../src/lint/warnings/rules.ts';

/** Text of a cell, nothing of it markup. */
const cell = (text: string | undefined): string =>
  unfilled(text ?? '')
    .replaceAll('\\', '\\\\')
    .replaceAll(/[|*_<>[\]`]/g, (char) => `\\${char}`);

type Shown = Pick<Rule | WarningRule, 'reason' | 'url'> & { readonly rewrite?: string | undefined };
const row = ([id, { reason, rewrite, url }]: readonly [string, Shown]): string =>
  `| [${id}](${url}) | ${cell(reason)} | ${cell(rewrite)} |`;
const table = (rules: Iterable<readonly [string, Shown]>): string =>
  `| rule | reason | instead |\n|---|---|---|\n${[...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(row)
    .join('\n')}\n`;

const warnings = (about: WarningRule['about']): readonly (readonly [string, WarningRule])[] =>
  Object.entries<WarningRule>(warningRules).filter(([, rule]) => rule.about === about);

export const page = `# Lint
\`dwh lint\` says what Redshift would refuse, without asking it, and what it would answer otherwise than Postgres or DuckDB. It knows Redshift's grammar, its functions with their arguments, and its rules of what goes together; what it does not know it refuses (rule \`unrecognised\`).

\`\`\`sh
dwh lint
\`\`\`

looks at the models, snapshots, functions, data tests and questions of the project, compiled as they would be on Redshift whatever the target is: as a first run has them and, where \`is_incremental()\` makes a difference, as later ones do, each as the table, view or query that becomes of it. Findings stand at the model's own lines. \`-s\` takes some of them. What asks the warehouse while it is compiled is named and left out.

<!-- exit status: 1 -->
\`\`\`sh
echo "select user_id, string_agg(level, ',') from fact_songplays group by user_id" > plays.sql
dwh lint plays.sql
\`\`\`

\`\`\`text
plays.sql:1:17 error[unknown-function] Redshift has no function STRING_AGG.
  1 | select user_id, string_agg(level, ',') from fact_songplays group by user_id
                      ^
  Write listagg(x, separator) within group (order by …).
  https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html

1 statement: 1 refused, 0 warnings
\`\`\`

looks at files of any number of statements; \`-\` is stdin. With \`--output json\` there is an entry for each statement: its \`file\` as given, the \`line\` of its first word, whether it is \`refused\`, and its \`findings\`, each with \`rule\`, \`severity\`, \`line\`, \`column\`, \`message\`, \`rewrite\` and \`url\`.

- Exit status: 0 nothing is refused, 1 something is, 2 a file cannot be read.
- \`--dialect postgres\` and \`--dialect duckdb\`: the engine's own parser decides the grammar (rule \`syntax\`), without a server; whether functions, types and relations exist is not looked at. Warnings of other answers are given for all three, those of costs for Redshift.
- \`--fix\` writes what means the same on that engine: \`sum(a) filter (where c)\` becomes \`sum(case when c then a end)\`, \`fetch first 5 rows only\` becomes \`limit 5\`, \`string_agg\` becomes \`listagg\`, \`concat(a, b)\` becomes \`(a || b)\`, \`order by a desc\` says where NULLs go. Of models only what stands in the file word for word is written, and only when the target is on that engine: on another one it could mean something else.
- \`--list-rules\` prints the rules, with \`--output json\` as JSON.
- What the project knows is used: types, \`not_null\` tests and distribution keys of its relations, and the schema of a name without one in a late-binding view.
- Functions of your own are taken when they stand behind a schema, begin with \`f_\`, or are created in the same text.

## Before a build
On a Redshift target each node's SQL, and each hook, is looked at before it is sent. \`lint\` in the target of profiles.yml says what becomes of it: \`warn\` (default) stops a node that would be refused, and warns of what is not recognised, an unknown function included, and of a WITH in a WITH, which the vendor’s page excludes and an ephemeral model easily has; \`strict\` stops at both; \`off\` does not look.

## What it does not see
- Whether relations and columns exist, who may read them, and the types of columns that neither the text nor the project tells: a function of the right name and number of arguments is taken.
- What only data tells: values too long for a column, numbers too large, casts that fail.
- Of correlated subqueries only those patterns that the vendor names; the server refuses others \`due to internal error\`.
- Functions of your own by a bare name: they are refused as unknown here, and only warned of in a build.
- SQL that Jinja asks the warehouse for, and the bodies of procedures.

## Warnings: another answer
${table(warnings('answer'))}
## Warnings: costs
${table(warnings('cost'))}
## Refused: grammar
${table([...Object.entries<Rule>(grammarRules), ...absentRules])}
## Refused: queries and functions
${table(Object.entries<Rule>(queryRules))}
## Refused: definitions, changes, loads, transactions
${table(Object.entries<Rule>(statementRules))}`;

const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self) writeFileSync(join(dirname(dirname(self)), 'docs', 'lint.md'), page);

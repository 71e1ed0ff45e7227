// Writes docs/data-tests.md from the data tests themselves: node --import tsx scripts/data-tests-page.ts
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Argument } from '../src/data-tests/arguments.ts';
import { type DataTest, families } from '../src/data-tests/index.ts';

const yaml = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${yaml(item)}`)
      .join(', ')}}`;
  return typeof value === 'string' && !/^[A-Za-z_][\w ]*$/.test(value) ? JSON.stringify(value) : String(value);
};

const argument = ([name, { kind, required, fallback }]: readonly [string, Argument]): string => {
  const rest = required
    ? ', required'
    : fallback === undefined || (Array.isArray(fallback) && fallback.length === 0) || fallback === ''
      ? ''
      : `, default ${yaml(fallback)}`;
  return `\`${name}\` (${kind}${rest})`;
};

const row = (test: DataTest): string => {
  const spec = Object.entries(test.arguments);
  const example = Object.keys(test.example).length === 0 ? `- ${test.name}` : `- ${test.name}: ${yaml(test.example)}`;
  const where = { column: 'column', model: 'model', either: 'column or model' }[test.on];
  return `| **${test.name}**<br>${where} | ${test.summary}.${spec.length === 0 ? '' : `<br>${spec.map(argument).join(', ')}`} | \`${example}\` |`;
};

export const page = `# Data tests
A data test is a query for rows that should not be there: it passes when it finds none. These need no package. Those that dbt users know from dbt_utils and dbt_expectations answer to \`dbt_utils.accepted_range\` as well as to \`accepted_range\`; a test of the same name in your project, or in an installed package, comes first.

\`\`\`yaml
models:
  - name: orders
    data_tests:                                  # about the whole model
      - row_count_at_least: {count: 1}
    columns:
      - name: status
        data_tests:                              # about the column
          - not_null
          - accepted_values:
              arguments: {values: [placed, shipped]}
              config: {where: "id > 0", severity: warn}
\`\`\`

- Arguments of kind *SQL* (columns, expressions, conditions, bounds) go into the query as they are written; lists take a single item too. Values to compare with are quoted unless \`quote\` or \`quote_values\` is false.
- An unknown comparison (with NULL) is not a failure, unless a test says otherwise.
- The number of failures is the number of rows found: bad rows, or repeated values, or one row that says what was counted.
${families.map(({ title, tests }) => `\n## ${title}\n| test | passes when | example |\n|---|---|---|\n${tests.map(row).join('\n')}\n`).join('')}`;

const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self) writeFileSync(join(dirname(dirname(self)), 'docs', 'data-tests.md'), page);

// Linting: a file of a thousand statements, one of them, and the nodes of a project; against a node that does nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, timeOver } from '../comparison.ts';
import { nodeCommand } from '../measure.ts';
import { dwhCommand, newFolder, type Setting } from '../setting.ts';
import { copySparkify } from './start.ts';

const node = 'node -e 0';
const statements = 1000;

export function* lintPart(setting: Setting): Generator<Group, void> {
  const folder = newFolder(setting, 'lint');
  // Of all kinds, and all of them taken.
  const kinds = readFileSync(join(setting.root, 'tests', 'lint', 'redshift', 'statements', 'others-accepted.sql'), 'utf8')
    .trim()
    .split('\n\n');
  const file = (name: string, count: number): void =>
    writeFileSync(join(folder, name), Array.from({ length: count }, (_, i) => `${kinds[i % kinds.length]};\n`).join('\n'));
  file('thousand.sql', statements);
  file('one.sql', 1);
  const project = copySparkify(setting, newFolder(setting, 'lint-project'));
  const [thousand, all] = [`dwh lint, ${statements} statements`, 'dwh lint, Sparkify'];
  yield {
    title: 'lint',
    commands: [
      { name: node, argv: nodeCommand('-e', '0'), cwd: folder },
      dwhCommand(setting, folder, ['lint', 'one.sql'], { name: 'dwh lint, one statement' }),
      dwhCommand(setting, folder, ['lint', 'thousand.sql'], { name: thousand }),
      dwhCommand(setting, project, ['lint'], { name: all }),
    ],
    baselines: [node],
    aims: [...timeOver(thousand, node, 1000), ...timeOver(all, node, 2000)],
  };
}

// `npm run help`: writes what `dwh --help` and `dwh <command> --help` print between the markers of README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArguments } from '../src/cli/arguments.ts';
import { nameOf } from '../src/cli/command.ts';
import { commands } from '../src/cli/commands/index.ts';

const begin = '<!-- help: written by `npm run help` -->';
const end = '<!-- /help -->';

/** As where nobody watches: 100 columns, no colours. */
const notATerminal = { env: {}, stdout: { isTTY: false, columns: () => 100, write: () => undefined } };

async function helpOf(words: readonly string[]): Promise<string> {
  const parsed = await parseArguments([...words, '--help'], notATerminal);
  if ('text' in parsed) return parsed.text;
  throw new Error(`dwh ${words.join(' ')} --help asked for nothing`);
}

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\`\n`;

const folded = (words: readonly string[], text: string): string =>
  `<details>\n<summary><code>dwh ${words.join(' ')}</code></summary>\n\n${fenced(text)}\n</details>\n`;

/** Of every command, in the order of the overview. */
async function helpSection(): Promise<string> {
  const all = commands.flatMap((one) => ('commands' in one ? one.commands.map((entry) => [nameOf(one), nameOf(entry)]) : [[nameOf(one)]]));
  const details = await Promise.all(all.map(async (words) => folded(words, await helpOf(words))));
  return [fenced(await helpOf([])), ...details].join('\n');
}

/** README.md with its help as it should be; throws when the markers are not there. */
export async function readmeWithHelp(readme: string): Promise<string> {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md should have the lines ${begin} and ${end}`);
  return `${readme.slice(0, from + begin.length)}\n\n${await helpSection()}\n${readme.slice(to)}`;
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self) {
  const file = join(dirname(dirname(self)), 'README.md');
  writeFileSync(file, await readmeWithHelp(readFileSync(file, 'utf8')));
}

// What could stand where the cursor is. Answered from tables and from what the last parse left; whatever goes wrong, the answer is
// none: a shell that completes must never be disturbed.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PROJECT_FILES } from '../../core/project-files.ts';
import { type KnownNames, knownNames } from '../../project/known-names.ts';
import { type CommandEntry, type CommandGroup, nameOf } from '../command.ts';
import { commands } from '../commands/index.ts';
import type { Option } from '../options.ts';
import { globalOptions } from '../options.ts';
import { projectDir } from '../project-dir.ts';
import { selectionCandidates } from './selection.ts';
import { targetNames } from './targets.ts';
import { splitLine } from './words.ts';

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

type Options = Readonly<Record<string, Option>>;

/** `line`: what stands before the cursor, the program's name too. Whole words, in the order in which they are shown. */
export async function candidates(line: string, here: Surroundings): Promise<readonly string[]> {
  const { words, current } = splitLine(line);
  const given = words.slice(1);
  const { entry, options, left } = await commandOf(given);
  const [written, attached] = current.startsWith('--') && current.includes('=') ? cut(current) : [undefined, current];
  const asked = written ?? optionBefore(given, options);
  const starting = (some: readonly string[]): readonly string[] => some.filter((one) => one.startsWith(attached));
  const whole = (some: readonly string[]): readonly string[] => (written === undefined ? some : some.map((one) => `${written}=${one}`));
  if (asked !== undefined) {
    const found = find(asked, options);
    if (found && found[1].kind !== 'flag') return whole(await values(found, attached, given, here));
  }
  if (current.startsWith('-')) return starting(optionNames(options, given));
  if (entry === undefined) return starting(left.map(nameOf));
  if (nameOf(entry) === 'completion') return starting(['bash', 'zsh', 'fish']);
  if (nameOf(entry) === 'run-operation') return starting(namesFor(given, here)?.macros ?? []);
  return [];
}

const cut = (text: string): [string, string] => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];

interface Found {
  readonly entry: CommandEntry | undefined;
  readonly options: Options;
  /** Commands that may come next. */
  readonly left: readonly (CommandEntry | CommandGroup)[];
}

async function commandOf(words: readonly string[]): Promise<Found> {
  let left: readonly (CommandEntry | CommandGroup)[] = commands;
  let skips = false;
  for (const word of words) {
    if (word.startsWith('-')) {
      const found = word.includes('=') ? undefined : find(word, globalOptions);
      skips = found !== undefined && found[1].kind !== 'flag';
      continue;
    }
    if (skips) {
      skips = false;
      continue;
    }
    const next = left.find((one) => nameOf(one) === word || ('aliases' in one && one.aliases?.includes(word)));
    if (!next) return { entry: undefined, options: globalOptions, left: [] };
    if ('commands' in next) {
      left = next.commands;
      continue;
    }
    return { entry: next, options: { ...globalOptions, ...(await next.load()).options }, left: [] };
  }
  return { entry: undefined, options: globalOptions, left };
}

const find = (written: string, options: Options): readonly [string, Option] | undefined => {
  const name = written.replace(/^--?/, '');
  return Object.entries(options).find(([key, { short, aliases = [] }]) =>
    written.startsWith('--') ? key === name || aliases.includes(name) : short === name || aliases.includes(name),
  );
};

/** The option that the word under the cursor is a value of: the one before, or further back one that takes several. */
function optionBefore(words: readonly string[], options: Options): string | undefined {
  const last = words.at(-1);
  if (last?.startsWith('-') && !last.includes('=')) return last;
  const at = words.findLastIndex((word) => word.startsWith('-'));
  const word = words[at];
  return word !== undefined && find(word, options)?.[1].kind === 'texts' ? word : undefined;
}

/** Those that help shows, in the form that one types; what was given already is left out, unless it takes several. */
function optionNames(options: Options, words: readonly string[]): readonly string[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const { group, kind, on } = option;
    if (group === undefined) return [];
    const given = words.some((word) => word.startsWith('-') && find(word.replace(/=.*/, ''), { [name]: option }) !== undefined);
    return given && kind !== 'texts' ? [] : [on ? `--no-${name}` : `--${name}`];
  });
}

async function values(
  [name, option]: readonly [string, Option],
  current: string,
  words: readonly string[],
  here: Surroundings,
): Promise<readonly string[]> {
  const starting = (some: readonly string[]): readonly string[] => some.filter((one) => one.startsWith(current));
  if (option.choices) return starting(option.choices);
  switch (name) {
    case 'select':
    case 'exclude':
      return selectionCandidates(current, namesFor(words, here));
    case 'selector':
      return starting(namesFor(words, here)?.selectors ?? []);
    case 'target':
    case 'profile': {
      const found = await targetNames(projectOf(words, here), givenTo(words, 'profiles-dir') ?? variable(here, 'PROFILES_DIR'), here);
      return starting(name === 'profile' ? found.profiles : found.targets(givenTo(words, 'profile')));
    }
    default:
      return [];
  }
}

/** What an option was given on the line. */
function givenTo(words: readonly string[], name: string): string | undefined {
  const at = words.lastIndexOf(`--${name}`);
  return at >= 0 ? words[at + 1] : words.findLast((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

const variable = ({ env }: Surroundings, name: string): string | undefined => env[`DWH_${name}`] || env[`DBT_${name}`] || undefined;

const projectOf = (words: readonly string[], here: Surroundings): string =>
  projectDir(givenTo(words, 'project-dir') ?? variable(here, 'PROJECT_DIR'), here.cwd);

function namesFor(words: readonly string[], here: Surroundings): KnownNames | undefined {
  const project = projectOf(words, here);
  const named = givenTo(words, 'target-path') ?? variable(here, 'TARGET_PATH') ?? targetPathOf(project) ?? 'target';
  return knownNames(resolve(project, named));
}

/** As the project file says it in plain words. */
function targetPathOf(project: string): string | undefined {
  for (const file of PROJECT_FILES) {
    try {
      return /^target-path:\s*["']?([^"'{}\n#]+?)["']?\s*(?:#.*)?$/m.exec(readFileSync(join(project, file), 'utf8'))?.[1];
    } catch {
      // The other one.
    }
  }
  return undefined;
}

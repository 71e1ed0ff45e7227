// yargs: argv to a command and its options, or to help. What yargs lets pass (unknown options, words too many, options before
// the command that belong behind it) is refused here, in the user's words and with the nearest name.
import yargs, { type Argv } from 'yargs';
import { nearestName } from '../core/nearest.ts';
import type { Command, CommandEntry, CommandGroup } from './command.ts';
import { nameOf } from './command.ts';
import { commands } from './commands/index.ts';
import { type Given, given, type Options, usage } from './given.ts';
import * as tables from './options.ts';
import { globalOptions } from './options.ts';
import type { System } from './system.ts';
import { VERSION } from './version.ts';

export type Parsed = { readonly text: string } | { readonly command: Command; readonly given: Given };

/** What parsing depends on besides the words themselves. */
type Surroundings = { readonly env: System['env']; readonly stdout: System['stdout'] };

interface Chosen {
  /** 'source freshness' */
  readonly words: readonly string[];
  readonly entry: CommandEntry;
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>>;
}

/** yargs loses a word that is a dash. */
const LONE_DASH = '\0-';
const dashed = (value: unknown): unknown => (Array.isArray(value) ? value.map(dashed) : value === LONE_DASH ? '-' : value);
const withDashes = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, dashed(value)]));

export async function parseArguments(written: readonly string[], system: Surroundings): Promise<Parsed> {
  const argv = written[0] === 'help' ? [...written.slice(1), '--help'] : written;
  let chosen: Chosen | undefined;
  const parsed = await ask(argv, system, (found) => {
    chosen = found;
  });
  if (parsed.error !== undefined) refuseIncomplete(parsed.error, argv);
  if (parsed.help !== '') return { text: parsed.help };
  if (!chosen) return withoutCommand(parsed.values, argv, system);
  const { words, entry, command, values } = chosen;
  if (values.version === true) return { text: `dwh ${VERSION}` };
  const options: Options = { ...globalOptions, ...command.options };
  refuseEarly(argv, words);
  refuseUnknown(values, argv, options, words, positionalNames(entry));
  const extra = (values._ as readonly unknown[]).slice(words.length).map(String);
  if (extra.length > 0) {
    const hint =
      'select' in command.options ? `To take it alone: dwh ${words.join(' ')} -s ${extra[0]}` : `See: dwh ${words.join(' ')} --help`;
    usage(`dwh ${words.join(' ')} takes no '${extra[0]}'`, hint);
  }
  const positionals = positionalNames(entry).flatMap((name) => [values[name] ?? []].flat().map(String));
  return { command, given: given(values, positionals, options, system.env) };
}

interface Answer {
  readonly values: Readonly<Record<string, unknown>>;
  readonly help: string;
  readonly error: string | undefined;
}

async function ask(argv: readonly string[], system: Surroundings, choose: (chosen: Chosen) => void): Promise<Answer> {
  const forHelp = argv.includes('--help') || argv.includes('-h');
  const top = addOptions(parser(system), globalOptions, forHelp)
    .usage('$0 <command> [options]\n\nLoads raw files, runs SQL models in order, and tests the data.')
    .example('$0 init shop', 'a new project')
    .example('$0 build', 'load, run and test all of it')
    .epilog('Help for a command: dwh <command> --help');
  for (const one of commands) addCommand(top, one, [], { choose, forHelp });
  let help = '';
  let error: string | undefined;
  try {
    const values = await top.parseAsync(
      argv.map((word) => (word === '-' ? LONE_DASH : word)),
      {},
      (problem, _argv, output) => {
        if (problem) error = problem.message;
        else help = output;
      },
    );
    return { values: withDashes(values), help: tidy(help), error };
  } catch (thrown) {
    // Behind an async builder yargs throws what it else hands to the callback.
    if (thrown instanceof Error && thrown.name === 'YError') return { values: {}, help: '', error: thrown.message };
    throw thrown;
  }
}

const parser = (system: Surroundings): Argv =>
  yargs()
    .scriptName('dwh')
    .locale('en')
    .version(false)
    .help('help', globalOptions.help?.describe ?? '')
    .alias('help', 'h')
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(Math.min(system.stdout.isTTY ? system.stdout.columns() : 100, 100))
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
      'strip-aliased': true,
    });

interface Asking {
  readonly choose: (chosen: Chosen) => void;
  readonly forHelp: boolean;
}

function addCommand(to: Argv, one: CommandEntry | CommandGroup, above: readonly string[], asking: Asking): void {
  const words = [...above, nameOf(one)];
  if ('commands' in one) {
    to.command(one.usage, one.describe, (group) => {
      group.usage(`$0 ${words.join(' ')} <command> [options]\n\n${one.describe}.`);
      for (const entry of one.commands) addCommand(group, entry, words, asking);
      return group;
    });
    return;
  }
  let command: Command | undefined;
  to.command(
    [one.usage, ...(one.aliases ?? [])],
    one.describe,
    async (argv: Argv) => {
      command = await one.load();
      argv.usage(`$0 ${[...above, one.usage].join(' ')} [options]\n\n${one.describe}.`);
      for (const [text, what] of asking.forHelp ? command.examples : []) argv.example(text, what);
      for (const name of positionalNames(one))
        argv.positional(name, {
          type: 'string',
          array: one.usage.includes(`${name}..`),
          ...(one.positional !== undefined && { describe: one.positional }),
        });
      return addOptions(argv, command.options, asking.forHelp);
    },
    (values) => {
      if (command) asking.choose({ words, entry: one, command, values: withDashes(values) });
    },
  );
}

const positionalNames = ({ usage: text }: CommandEntry): readonly string[] =>
  [...text.matchAll(/[[<](\w+)(?:\.\.)?[\]>]/g)].map(([, name = '']) => name);

const ORDER = ['Selection', 'Execution', 'Project', 'Output'] as const;

/** `forHelp`: without the long names that dbt has besides, which are taken all the same. */
function addOptions(to: Argv, options: Options, forHelp: boolean): Argv {
  // yargs lists groups in the order in which they first appear.
  for (const group of ORDER) to.group([], `${group}:`);
  for (const [name, option] of Object.entries(options)) {
    if (name === 'help') {
      to.group('help', `${option.group}:`);
      continue;
    }
    const { kind, short, aliases = [], group, describe, bare } = option;
    const type = kind === 'flag' ? 'boolean' : 'string';
    // Without --help nothing is shown: yargs would lay out the help of each command that it runs, which takes longer than parsing.
    const hidden = !forHelp || group === undefined || option.on === true;
    // What is hidden once is hidden for good; a command may show what is hidden before it. An unknown option takes its value, too.
    if (forHelp && group === undefined && kind !== 'flag') continue;
    to.option(name, {
      alias: [...(short === undefined ? [] : [short]), ...aliases.filter((alias) => !forHelp || alias.length === 1)],
      type,
      ...(kind === 'texts' && { array: true }),
      ...(kind !== 'flag' && !bare && { requiresArg: true }),
      ...(hidden ? { hidden } : { group: `${group}:`, describe }),
    });
    // Shown in the form that one would type; the parser turns it into `name: false`.
    if (forHelp && option.on && group) to.option(`no-${name}`, { type: 'boolean', group: `${group}:`, describe });
  }
  return to;
}

/** Types in help say nothing that the descriptions do not, and may stand on a line of their own. */
const tidy = (help: string): string =>
  help
    .split('\n')
    .flatMap((line) => {
      const kept = line.replace(/\s*\[(?:boolean|string|array|number)\](?=\s*(?:\[|$))/, '').trimEnd();
      return kept === '' && line !== '' ? [] : [kept];
    })
    .join('\n')
    .trimEnd();

async function withoutCommand(values: Readonly<Record<string, unknown>>, argv: readonly string[], system: Surroundings): Promise<Parsed> {
  refuseUnknown(values, argv, globalOptions, [], []);
  if (values.version === true) return { text: `dwh ${VERSION}` };
  const [first, second] = (values._ as readonly unknown[]).map(String);
  const group = commands.find((one): one is CommandGroup => 'commands' in one && nameOf(one) === first);
  if (first === undefined || (group && second === undefined)) {
    const { help } = await ask([...(first === undefined ? [] : [first]), '--help'], system, () => undefined);
    return { text: help };
  }
  const [unknown, known, prefix] = group && second !== undefined ? [second, group.commands, `${first} `] : [first, commands, ''];
  const names = known.flatMap((one) => [nameOf(one), ...('aliases' in one ? (one.aliases ?? []) : [])]);
  const near = nearestName(unknown, names) ?? names.find((name) => unknown.length > 1 && name.startsWith(unknown));
  return usage(
    `there is no command '${prefix}${unknown}'`,
    near ? `Did you mean: dwh ${prefix}${near}` : `There are: ${known.map((one) => prefix + nameOf(one)).join(', ')}`,
  );
}

/** yargs: 'Not enough arguments following: target'. */
function refuseIncomplete(message: string, argv: readonly string[]): never {
  const name = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  return name === undefined ? usage(message) : usage(`${writtenAs(name, argv)} needs a value`);
}

/** Options that only the command knows must come after it: before it, a list of values would swallow its name. */
function refuseEarly(argv: readonly string[], words: readonly string[]): void {
  const [word = ''] = words;
  const entry = commands.find((one) => nameOf(one) === word);
  const names = [word, ...(entry && 'aliases' in entry ? (entry.aliases ?? []) : [])];
  const place = argv.findIndex((token) => names.includes(token));
  for (const token of argv.slice(0, Math.max(0, place))) {
    if (!/^-{1,2}[A-Za-z]/.test(token)) continue;
    const name = bareName(token);
    if (!knows(globalOptions, name))
      usage(`${token} is not an option that can stand before the command`, `Write it after the command: dwh ${words.join(' ')} ${token} …`);
  }
}

function refuseUnknown(
  values: Readonly<Record<string, unknown>>,
  argv: readonly string[],
  options: Options,
  words: readonly string[],
  positionals: readonly string[],
): void {
  const unknown = Object.keys(values).find((key) => key !== '_' && key !== '$0' && !positionals.includes(key) && !knows(options, key));
  if (unknown === undefined) return;
  const written = writtenAs(unknown, argv);
  const command = ['dwh', ...words].join(' ');
  const elsewhere = allOptions().some((table) => knows(table, bareName(written)));
  const near = nearestName(
    written.replace(/^-+/, ''),
    Object.entries(options).flatMap(([name, { group, aliases = [] }]) => (group ? [name, ...aliases] : [])),
  );
  if (elsewhere && words.length === 0)
    usage(`${written} is not an option that can stand without a command`, 'Name the command first: dwh run, dwh build, …');
  usage(`${command} has no option ${written}`, near && !elsewhere ? `Did you mean --${near}?` : `See: ${command} --help`);
}

const allOptions = (): readonly Options[] =>
  Object.values(tables).filter((table): table is Options & typeof table => !Array.isArray(table));

const bareName = (token: string): string => token.replace(/^--?/, '').replace(/=.*$/, '').replace(/^no-/, '');

const knows = (options: Options, key: string): boolean =>
  Object.entries(options).some(
    ([name, { short, aliases = [], on }]) =>
      key === name || key === short || aliases.includes(key) || (on === true && key === `no-${name}`),
  );

/** As it stands on the command line: '--selct', '-k'. */
const writtenAs = (key: string, argv: readonly string[]): string => {
  const found = argv.find((token) => /^-/.test(token) && (bareName(token) === key || token.replace(/^-+/, '').replace(/=.*$/, '') === key));
  return found?.replace(/=.*$/, '') ?? (key.length === 1 ? `-${key}` : `--${key}`);
};

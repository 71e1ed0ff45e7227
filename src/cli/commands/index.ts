// The commands, in the order of help. A command's own file is loaded when it is the one.
import type { CommandEntry, CommandGroup } from '../command.ts';

const load: CommandEntry = {
  usage: 'load',
  describe: 'Load what is new in the sources',
  load: async () => (await import('./load.ts')).load,
};

export const commands: readonly (CommandEntry | CommandGroup)[] = [
  {
    usage: 'init [name]',
    describe: 'Make a new project that builds at once',
    positional: 'Of the project, and of the folder that is made for it',
    load: async () => (await import('./init.ts')).init,
  },
  {
    usage: 'build',
    describe: 'Load, seed, snapshot, run and test in order; publish what passed its tests',
    load: async () => (await import('./build.ts')).build,
  },
  { usage: 'run', describe: 'Load what is new, then run the models in order', load: async () => (await import('./run.ts')).run },
  { usage: 'test', describe: 'Test the data', load: async () => (await import('./test.ts')).test },
  { usage: 'seed', describe: 'Load the CSV files of the project', load: async () => (await import('./seed.ts')).seed },
  { usage: 'snapshot', describe: 'Keep the versions of rows that change', load: async () => (await import('./snapshot.ts')).snapshot },
  load,
  {
    usage: 'retry',
    describe: 'Go on with the last run: what failed, was skipped, or was cut off',
    load: async () => (await import('./retry.ts')).retry,
  },
  {
    usage: 'clone',
    describe: 'Views of the relations of another target, by its artifacts',
    load: async () => (await import('./clone.ts')).clone,
  },
  {
    usage: 'source',
    describe: 'Load sources, or check how fresh they are',
    commands: [
      load,
      {
        usage: 'freshness',
        aliases: ['snapshot-freshness'],
        describe: 'Check how fresh the sources are',
        load: async () => (await import('./source-freshness.ts')).sourceFreshness,
      },
    ],
  },
  { usage: 'ls', aliases: ['list'], describe: 'List the nodes of the project', load: async () => (await import('./ls.ts')).ls },
  { usage: 'show', describe: 'Show the rows of a model or a query', load: async () => (await import('./show.ts')).show },
  { usage: 'compile', describe: 'Write the SQL that would run', load: async () => (await import('./compile.ts')).compile },
  {
    usage: 'lint [files..]',
    describe: 'Say what Redshift would refuse, without asking it',
    positional: 'SQL files of any number of statements, or - for stdin; none: the models',
    load: async () => (await import('./lint.ts')).lint,
  },
  { usage: 'deps', describe: 'Install the packages that the project asks for', load: async () => (await import('./deps.ts')).deps },
  {
    usage: 'run-operation [macro]',
    describe: 'Call a macro of the project or a package',
    positional: 'Its name, or package.name',
    load: async () => (await import('./run-operation.ts')).runOperation,
  },
  {
    usage: 'docs',
    describe: 'Describe the project and what stands in the warehouse',
    commands: [
      {
        usage: 'generate',
        describe: 'Write catalog.json, manifest.json and the page that shows them',
        load: async () => (await import('./docs-generate.ts')).docsGenerate,
      },
      {
        usage: 'serve',
        describe: 'Show that page in a browser',
        load: async () => (await import('./docs-serve.ts')).docsServe,
      },
    ],
  },
  { usage: 'parse', describe: 'Read the project and report its mistakes', load: async () => (await import('./parse.ts')).parse },
  { usage: 'debug', describe: 'Show what is used, and test the connection', load: async () => (await import('./debug.ts')).debug },
  {
    usage: 'cluster',
    describe: 'Make and unmake the warehouse of the project at AWS',
    commands: [
      {
        usage: 'create',
        describe: 'Make what is missing: role, network, cluster',
        load: async () => (await import('./cluster.ts')).create,
      },
      { usage: 'status', describe: 'Show what there is', load: async () => (await import('./cluster.ts')).status },
      {
        usage: 'pause',
        describe: 'Pause the cluster: it keeps its data, and costs its storage',
        load: async () => (await import('./cluster.ts')).pause,
      },
      { usage: 'resume', describe: 'Resume the cluster', load: async () => (await import('./cluster.ts')).resume },
      { usage: 'resize', describe: 'Give it the nodes that the project says', load: async () => (await import('./cluster.ts')).resize },
      { usage: 'delete', describe: 'Delete what create made', load: async () => (await import('./cluster.ts')).remove },
      { usage: 'cost', describe: 'Show what it costs, and has cost so far', load: async () => (await import('./cluster.ts')).cost },
      {
        usage: 'doctor',
        describe: 'Test all that a load needs, and say what to mend',
        load: async () => (await import('./cluster.ts')).doctor,
      },
    ],
  },
  {
    usage: 'completion [shell]',
    describe: 'Print what a shell needs to complete dwh',
    positional: 'bash, zsh or fish (default: the one of SHELL)',
    load: async () => (await import('./completion.ts')).completion,
  },
  { usage: 'clean', describe: 'Remove what runs leave behind', load: async () => (await import('./clean.ts')).clean },
];

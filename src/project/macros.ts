// Macros of the project and its packages: `{% macro %}`, `{% test %}` and `{% materialization %}` blocks, with what properties
// say of them.
import { BUILTIN_PACKAGE } from '../context/index.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import type { MacroEntry } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { type MacroDefinition, macrosOf, parseTemplate } from '../template/index.ts';
import { mappingOf } from './columns.ts';
import type { Describe } from './docs.ts';
import type { EntryIndex } from './properties.ts';
import type { FoundFile, PackageFiles } from './types.ts';

export interface DefinedMacro {
  readonly definition: MacroDefinition;
  readonly unique_id: string;
  readonly original_file_path: string;
}

/** Files that may define macros: those below macro-paths, and generic tests below tests/generic/. */
export const macroFiles = ({ files }: PackageFiles): readonly FoundFile[] => [
  ...files.macro,
  ...files.test.filter(({ below }) => below.startsWith('generic/')),
];

export function definedMacros(packageFiles: PackageFiles, problems: Problem[]): readonly DefinedMacro[] {
  const byName = new Map<string, DefinedMacro>();
  for (const { source } of macroFiles(packageFiles)) {
    try {
      for (const definition of macrosOf(parseTemplate(source.text(), { file: source.file, package: packageFiles.name }))) {
        const before = byName.get(definition.name);
        if (before) {
          problems.push({
            code: 'macro-twice',
            message: `the macro '${definition.name}' is defined twice: here and at ${before.definition.at.file}:${before.definition.at.line}`,
            at: definition.at,
            hint: 'Rename or remove one of them.',
          });
        }
        byName.set(definition.name, {
          definition,
          unique_id: `macro.${packageFiles.name}.${definition.name}`,
          original_file_path: source.path,
        });
      }
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      problems.push(...error.problems);
    }
  }
  return [...byName.values()];
}

export const builtin = (definition: MacroDefinition): DefinedMacro => ({
  definition,
  unique_id: `macro.${BUILTIN_PACKAGE}.${definition.name}`,
  original_file_path: definition.file,
});

/** string, list[…], dict[…, …], optional[…], nested as one likes. https://docs.getdbt.com/reference/resource-properties/arguments */
function isType(written: string): boolean {
  let text = written.replace(/[ \t]/g, '');
  const simple = /\b(?:string|str|bool|integer|int|float|any|relation|column)(?!\w)/g;
  text = text.replace(simple, '.');
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replace(/\b(?:list|optional)\[\.\]|\bdict\[\.,\.\]/g, '.');
  }
  return text === '.';
}

/** Where a properties file says otherwise than the macro, as dbt warns of it. */
function wrongArguments({ name, parameters }: MacroDefinition, reader: ConfigReader): readonly Problem[] {
  const described = reader.mappings('arguments');
  const warning = (message: string, at: Location | undefined): Problem => ({
    code: 'macro-arguments',
    severity: 'warning',
    message,
    ...(at && { at }),
    hint: `The macro has: ${parameters.map((one) => one.name).join(', ') || 'no arguments'}`,
  });
  if (described.length === 0) return [];
  return [
    ...described.flatMap((argument, index) => {
      const own = parameters[index]?.name;
      const said = argument.string('name') ?? '';
      return own === undefined || own === said
        ? []
        : [warning(`argument ${index + 1} of the macro '${name}' is '${own}', and not '${said}'`, argument.at())];
    }),
    ...(described.length === parameters.length
      ? []
      : [warning(`the macro '${name}' has ${parameters.length} arguments, and ${described.length} are described`, reader.at('arguments'))]),
    ...described.flatMap((argument) => {
      const type = argument.string('type') ?? '';
      return type.trim() === '' || isType(type) ? [] : [warning(`'${type}' is no type of an argument`, argument.at('type'))];
    }),
  ];
}

export function macroEntry(
  { definition, unique_id, original_file_path }: DefinedMacro,
  entries: EntryIndex,
  describe: Describe,
  problems: Problem[],
  /** validate_macro_args */
  validates: boolean,
): MacroEntry {
  const entry = definition.package === BUILTIN_PACKAGE ? undefined : entries.take('macros', definition.name, definition.package, problems);
  const reader = entry?.reader;
  if (validates && reader) problems.push(...wrongArguments(definition, reader));
  const described =
    reader?.mappings('arguments').map((argument) => ({
      name: argument.string('name') ?? '',
      type: argument.string('type') ?? null,
      description: describe(argument, 'description').description,
    })) ?? [];
  const declared = (): MacroEntry['arguments'] => definition.parameters.map(({ name }) => ({ name, type: null, description: '' }));
  return {
    unique_id,
    name: definition.name,
    package_name: definition.package,
    original_file_path,
    macro_sql: definition.source,
    at: definition.at,
    description: reader ? describe(reader, 'description').description : '',
    arguments: validates && described.length === 0 && definition.package !== BUILTIN_PACKAGE ? declared() : described,
    meta: { ...mappingOf(reader?.raw('meta')), ...mappingOf(mappingOf(reader?.raw('config')).meta) },
    docs: { show: true, node_color: null, ...mappingOf(reader?.raw('docs')), ...mappingOf(mappingOf(reader?.raw('config')).docs) },
    ...(entry && { patch_path: `${entry.file.package}://${entry.file.source.path}` }),
  };
}

// Macros of the project and its packages: `{% macro %}`, `{% test %}` and `{% materialization %}` blocks, with what properties
// say of them.
import { BUILTIN_PACKAGE } from '../context/index.ts';
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

export function macroEntry(
  { definition, unique_id, original_file_path }: DefinedMacro,
  entries: EntryIndex,
  describe: Describe,
  problems: Problem[],
): MacroEntry {
  const entry = definition.package === BUILTIN_PACKAGE ? undefined : entries.take('macros', definition.name, definition.package, problems);
  const reader = entry?.reader;
  return {
    unique_id,
    name: definition.name,
    package_name: definition.package,
    original_file_path,
    macro_sql: definition.source,
    at: definition.at,
    description: reader ? describe(reader, 'description').description : '',
    arguments:
      reader?.mappings('arguments').map((argument) => ({
        name: argument.string('name') ?? '',
        type: argument.string('type') ?? null,
        description: describe(argument, 'description').description,
      })) ?? [],
    meta: { ...mappingOf(reader?.raw('meta')), ...mappingOf(mappingOf(reader?.raw('config')).meta) },
    docs: { show: true, node_color: null, ...mappingOf(reader?.raw('docs')), ...mappingOf(mappingOf(reader?.raw('config')).docs) },
    ...(entry && { patch_path: `${entry.file.package}://${entry.file.source.path}` }),
  };
}

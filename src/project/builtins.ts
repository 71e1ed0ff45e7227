// dwh's own macros (package 'dbt'), and a mark of this program: both are part of what a parse depends on.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILTIN_PACKAGE } from '../context/index.ts';
import { once } from '../core/once.ts';
import { type MacroDefinition, macrosOf, parseTemplate } from '../template/index.ts';
import { sha256 } from './hash.ts';

const here = fileURLToPath(import.meta.url);
const macroFolder = join(dirname(here), '..', 'context', 'macros');

export interface BuiltinFile {
  readonly file: string;
  readonly text: string;
}

export const builtinFiles = (): readonly BuiltinFile[] =>
  readdirSync(macroFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ file: `macros/${name}`, text: readFileSync(join(macroFolder, name), 'utf8') }));

const MACRO = /\{%-? macro (\w+)\([\s\S]*?\{%-? endmacro -?%\}/g;

/** Found by their tags; a file is parsed when one of its macros is first called. Parsing all of them takes as long as 300 models. */
export const builtinMacros = (files: readonly BuiltinFile[]): readonly MacroDefinition[] =>
  files.flatMap(({ file, text }) => {
    const template = once(() => parseTemplate(text, { file, package: BUILTIN_PACKAGE }));
    const parsed = (name: string): MacroDefinition => {
      const found = macrosOf(template()).find((one) => one.name === name);
      if (!found) throw new Error(`${file} has no macro ${name}`);
      return found;
    };
    return [...text.matchAll(MACRO)].map(
      ({ 0: source, 1: name = '', index }): MacroDefinition => ({
        name,
        kind: 'macro',
        file,
        package: BUILTIN_PACKAGE,
        at: { file, line: text.slice(0, index).split('\n').length, column: index - text.lastIndexOf('\n', index) },
        source,
        get parameters() {
          return parsed(name).parameters;
        },
        get template() {
          return parsed(name).template;
        },
        get code() {
          return parsed(name).code;
        },
      }),
    );
  });

/** Changes whenever this program's code does: a cache made by other code is not used. */
export const programMark = (version: string): string => sha256(`${version} ${CODE_MARK}`);

/** Sizes and times, no contents. Taken when the code is loaded: what changes later does not run. */
const CODE_MARK = codeMark();

function codeMark(): string {
  const folders = basename(dirname(here)) === 'project' ? [join(dirname(here), '..')] : [];
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)));
  const stamp = (file: string): string => {
    const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    return `${basename(file)}:${size}:${mtimeMs}`;
  };
  return [here, macroFolder, ...files].map(stamp).join('\n');
}

// deps --add-package: one more entry in packages.yml, whose comments stay.
import { dump } from 'js-yaml';
import { isMapping } from '../core/config-reader.ts';
import { readYaml } from '../project/yaml.ts';

export interface Addition {
  readonly name: string;
  readonly version: string | undefined;
  readonly source: 'hub' | 'git' | 'local';
}

type Entry = Readonly<Record<string, unknown>>;

function entryOf({ name, version, source }: Addition): Entry {
  const ranges = version?.split(',');
  const value = ranges && ranges.length > 1 ? ranges : version;
  switch (source) {
    case 'hub':
      return { package: name, version: value };
    case 'git':
      return version === undefined ? { git: name } : { git: name, revision: version };
    case 'local':
      return { local: name };
  }
}

/** 'dbt-labs/dbt_utils' and 'https://…/dbt-utils.git' are one package. */
const plainName = (source: string): string =>
  (
    source
      .replace(/\.git$/, '')
      .split('/')
      .at(-1) ?? source
  )
    .replaceAll('-', '_')
    .toLowerCase();
const sourceOf = (entry: unknown): string =>
  isMapping(entry) ? String(entry.package ?? entry.git ?? entry.local ?? entry.tarball ?? '') : '';

const itemText = (entry: Entry, indent: string): string =>
  dump([entry], { lineWidth: -1, flowLevel: 2 })
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${line}\n`)
    .join('');

/** The file's new text: the entry takes the place of those for the same package, or comes last. */
export function added(text: string, addition: Addition): { readonly text: string; readonly removed: readonly string[] } {
  const yaml = readYaml(text, 'packages.yml');
  const value = isMapping(yaml.value) ? yaml.value : {};
  const before: readonly unknown[] = Array.isArray(value.packages) ? value.packages : [];
  const isOld = (entry: unknown): boolean => plainName(sourceOf(entry)) === plainName(addition.name);
  const removed = before.filter(isOld).map(sourceOf);
  const entry = entryOf(addition);
  const wanted = { ...value, packages: [...before.filter((one) => !isOld(one)), entry] };
  const whole = (): string => dump(wanted, { lineWidth: -1 });
  if (before.length === 0 || removed.length > 0 || Object.keys(value).at(-1) !== 'packages') {
    const bare = text.trim() === '' || before.length === 0;
    return { text: bare ? `${commentsOf(text)}${whole()}` : whole(), removed };
  }
  const firstLine = text.split('\n')[yaml.locate(['packages', 0]).line - 1] ?? '';
  const indent = /^\s*/.exec(firstLine)?.[0] ?? '';
  const grown = `${text.replace(/\n*$/, '\n')}${itemText(entry, indent)}`;
  try {
    if (JSON.stringify(readYaml(grown, 'packages.yml').value) === JSON.stringify(wanted)) return { text: grown, removed };
  } catch {
    // A list in brackets: written anew.
  }
  return { text: whole(), removed };
}

const commentsOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => `${line}\n`)
    .join('');

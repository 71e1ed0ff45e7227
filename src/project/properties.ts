// Properties files: any YAML beside the models, seeds, macros, … Gives one entry for each thing they describe, with its
// texts rendered; tests, descriptions and hooks stay as written, because they are rendered later, each in its own scope.
// https://docs.getdbt.com/reference/configs-and-properties
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import type { ModelVersion } from '../core/versions.ts';
import type { Host } from '../template/types.ts';
import { type Memo, memoKey } from './memo.ts';
import { hasJinja, renderAll } from './render-text.ts';
import { SEMANTIC_KINDS } from './semantic-layer.ts';
import type { FoundFile, SourceFile } from './types.ts';
import { readYaml, type YamlText } from './yaml.ts';

export type EntryKind =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'analyses'
  | 'macros'
  | 'data_tests'
  | 'sources'
  | 'exposures'
  | 'groups'
  | 'unit_tests'
  | 'functions';

export interface PropertiesFile {
  readonly source: SourceFile;
  /** Folders below the section's own: ['staging'] for models/staging/schema.yml. */
  readonly folders: readonly string[];
  readonly package: string;
  readonly yaml: YamlText;
  /** Some of its texts may be templates. */
  readonly jinja: boolean;
  /** Some of its numbers may be written like 1.0. */
  readonly floats: boolean;
}

export interface Entry {
  readonly kind: EntryKind;
  readonly name: string;
  readonly file: PropertiesFile;
  readonly reader: ConfigReader;
  /** One version of a model: `reader` reads what holds for it. */
  readonly version?: {
    readonly v: ModelVersion;
    readonly latest: ModelVersion;
    /** Its file's name, without the ending. */
    readonly stem: string;
  };
}

const READ_KINDS: readonly EntryKind[] = [
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'macros',
  'data_tests',
  'sources',
  'exposures',
  'groups',
  'unit_tests',
  'functions',
];
const PLAIN_KEYS = ['version', 'anchors'];

/** What a file says, before anything is rendered; undefined: it says nothing. */
export function openProperties(found: FoundFile, packageName: string, memo: Memo, problems: Problem[]): PropertiesFile | undefined {
  const { source, below } = found;
  const { yaml, jinja, floats } = rememberedYaml(source, memo, problems);
  if (yaml.value === undefined || yaml.value === null) return undefined;
  if (!isMapping(yaml.value)) {
    throw new DwhError([
      {
        code: 'properties-invalid',
        message: 'a properties file is a mapping with keys such as models: and sources:',
        at: yaml.locate([]),
        hint: `It may hold: ${READ_KINDS.join(', ')}.`,
      },
    ]);
  }
  return { source, folders: below.split('/').slice(0, -1), package: packageName, yaml, jinja, floats };
}

/** The values from the memo when the text is the same; it is read again only when a place is asked for. */
function rememberedYaml(source: SourceFile, memo: Memo, problems: Problem[]): Pick<PropertiesFile, 'yaml' | 'jinja' | 'floats'> {
  let read: YamlText | undefined;
  const warnings: Problem[] = [];
  const opened = (): YamlText => {
    read ??= readYaml(source.text(), source.file, warnings);
    return read;
  };
  const { value, twice, ...texts } = memo.get(memoKey('yaml', source.hash()), () => ({
    value: opened().value,
    twice: warnings,
    jinja: hasJinja(source.text()),
    floats: /\d\.(?:0*(?!\d)|\d*[eE][-+])/.test(source.text()),
  }));
  // A file of the same text may stand elsewhere.
  problems.push(...twice.map((one) => (one.at ? { ...one, at: { ...one.at, file: source.file } } : one)));
  const yaml: YamlText = {
    value,
    locate: (path) => opened().locate(path),
    locateValue: (path) => opened().locateValue(path),
    written: (path) => opened().written(path),
  };
  return { yaml, ...texts };
}

/** The file's path below the folder of its kind. */
export const belowFolder = ({ folders, source }: PropertiesFile): string =>
  [...folders, source.path.slice(source.path.lastIndexOf('/') + 1)].join('/');

export function entriesOf(file: PropertiesFile, host: Host, problems: Problem[]): readonly Entry[] {
  const { yaml, source } = file;
  const values = isMapping(yaml.value) ? yaml.value : {};
  const entries: Entry[] = [];
  const at = (path: ConfigPath) => yaml.locate(path);
  for (const [key, list] of Object.entries(values)) {
    const kind = READ_KINDS.find((one) => one === key || (one === 'data_tests' && key === 'tests'));
    if (!kind) {
      if (!PLAIN_KEYS.includes(key) && !SEMANTIC_KINDS.includes(key)) {
        const near = nearestName(key, [...READ_KINDS, ...SEMANTIC_KINDS]);
        problems.push({
          code: 'unknown-key',
          severity: 'warning',
          message: `'${key}' is not a key of a properties file, and is ignored`,
          at: at([key]),
          ...(near && { hint: `Did you mean '${near}'?` }),
        });
      }
      continue;
    }
    if (list === null || list === undefined) continue;
    if (!Array.isArray(list)) {
      problems.push({
        code: 'properties-invalid',
        message: `'${key}' should be a list`,
        at: at([key]),
        hint: `Write each of them after a dash:  - name: …`,
      });
      continue;
    }
    list.forEach((item: unknown, index) => {
      const path = [key, index];
      if (!isMapping(item) || (typeof item.name !== 'string' && typeof item.name !== 'number')) {
        problems.push({ code: 'properties-invalid', ...withoutName(key, item), at: at(path) });
        return;
      }
      const place = { file: source.file, package: file.package, locate: yaml.locateValue };
      const rendered = file.jinja ? renderAll(item, host, place, problems, path, isLate) : item;
      const reader = new ConfigReader(isMapping(rendered) ? rendered : item, { locate: at, problems }, path);
      entries.push({ kind, name: String(item.name), file, reader });
    });
  }
  return entries;
}

function withoutName(key: string, item: unknown): Pick<Problem, 'message' | 'hint'> {
  if (!isMapping(item)) {
    const name = typeof item === 'string' ? item : '…';
    return {
      message: `an entry of '${key}' should be a mapping with a name, and is ${JSON.stringify(item)}`,
      hint: `Write:  - name: ${name}`,
    };
  }
  const { name } = item;
  if (name === undefined || name === null) {
    const near = nearestName('name', Object.keys(item));
    return {
      message: `this entry of '${key}' has no name`,
      hint: near ? `Did you mean 'name' instead of '${near}'?` : 'Begin it with:  - name: …',
    };
  }
  return {
    message: `the name of this entry of '${key}' should be text, and YAML reads it as ${JSON.stringify(name)}`,
    hint: 'Put it in quotes.',
  };
}

/** All that an entry says, and where: the whole file, and what its templates came to. */
export const entryKey = ({ file, reader, version }: Entry): unknown => [
  file.package,
  file.source.file,
  file.source.hash(),
  reader.path,
  file.jinja ? reader.values : 0,
  ...(version ? [version] : []),
];

/** What is rendered later, or never: paths begin with the section and the entry's index. */
function isLate(path: ConfigPath): boolean {
  const below = path.slice(2);
  const last = below[below.length - 1];
  if (path[0] === 'exposures' && below[0] === 'depends_on') return true;
  if (last === 'description') return !below.includes('meta') && !below.includes('config');
  return below.some(
    (step) =>
      step === 'tests' ||
      step === 'data_tests' ||
      step === 'loaded_at_query' ||
      step === 'pre_hook' ||
      step === 'post_hook' ||
      step === 'pre-hook' ||
      step === 'post-hook',
  );
}

/** Entries by kind and name (of a version: its file's): what describes a node. Two entries for one name in one package are a mistake. */
export class EntryIndex {
  readonly #byName = new Map<string, Entry[]>();
  readonly #used = new Set<Entry>();
  readonly #taken: Entry[] = [];
  /** Nodes that were asked for: kind, name, package. */
  readonly #asked = new Set<string>();

  constructor(entries: Iterable<Entry>) {
    for (const entry of entries) {
      const key = `${entry.kind}\0${entry.version?.stem ?? entry.name}`;
      const list = this.#byName.get(key);
      if (list) list.push(entry);
      else this.#byName.set(key, [entry]);
    }
  }

  /** The entry for a node of a package: its own package's, else another's (a root project may describe a package's node). */
  take(kind: EntryKind, name: string, packageName: string, problems: Problem[]): Entry | undefined {
    const list = this.#byName.get(`${kind}\0${name}`);
    if (!list) return undefined;
    this.#asked.add(`${kind}\0${name}\0${packageName}`);
    const own = list.filter((entry) => entry.file.package === packageName);
    const [entry, second] = own.length > 0 ? own : list;
    for (const one of list) this.#used.add(one);
    if (entry && second && second.file.package === entry.file.package) {
      problems.push({
        code: 'described-twice',
        message: `'${name}' is described twice: here and at ${second.reader.at()?.file}:${second.reader.at()?.line}`,
        ...atOf(entry),
        hint: 'Put everything about it into one entry.',
      });
    }
    if (entry) this.#taken.push(entry);
    return entry;
  }

  /**
   * The entries that describe a node of a kind, in the order in which they were asked for; then those of a package without such a
   * node, for one that its own package describes: their tests count.
   */
  taken(kind: EntryKind): readonly Entry[] {
    const taken = this.#taken.filter((entry) => entry.kind === kind);
    const known = new Set(taken);
    const isGuest = (entry: Entry): boolean =>
      entry.kind === kind && !known.has(entry) && !this.#asked.has(`${kind}\0${entry.version?.stem ?? entry.name}\0${entry.file.package}`);
    return [...taken, ...[...this.#used].filter(isGuest)];
  }

  /** Warnings for entries that describe nothing there is. */
  unused(names: (kind: EntryKind) => Iterable<string>): Problem[] {
    const problems: Problem[] = [];
    for (const list of this.#byName.values()) {
      for (const entry of list) {
        if (this.#used.has(entry) || UNNAMED.has(entry.kind)) continue;
        const near = nearestName(entry.name, names(entry.kind));
        problems.push({
          code: 'describes-nothing',
          severity: 'warning',
          message: `'${entry.name}' is described here, and there is no such ${SINGULAR[entry.kind]}`,
          ...atOf(entry),
          hint: near ? `Did you mean '${near}'?` : 'Remove the entry, or add the file.',
        });
      }
    }
    return problems;
  }
}

/** Entries that are the thing itself, and describe no other. */
const UNNAMED: ReadonlySet<EntryKind> = new Set(['sources', 'exposures', 'groups', 'unit_tests'] as const);

const SINGULAR: Readonly<Record<EntryKind, string>> = {
  models: 'model',
  seeds: 'seed',
  snapshots: 'snapshot',
  analyses: 'analysis',
  macros: 'macro',
  data_tests: 'test',
  sources: 'source',
  exposures: 'exposure',
  groups: 'group',
  unit_tests: 'unit test',
  functions: 'function',
};

const atOf = (entry: Entry) => {
  const at = entry.reader.at();
  return at ? { at } : {};
};

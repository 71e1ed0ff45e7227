// What a project says it needs: the list under `packages:` of packages.yml or dependencies.yml, checked. Texts of packages.yml
// are templates, which may read secrets; those of dependencies.yml are as they are. https://docs.getdbt.com/docs/build/packages
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textHost } from '../context/index.ts';
import type { TextScope } from '../context/types.ts';
import { type ConfigPath, isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import { fail, type Problem, throwIfAny } from '../core/problem.ts';
import { renderAll } from '../project/render-text.ts';
import { readYaml, type YamlText } from '../project/yaml.ts';

interface Wanted {
  readonly at: Location;
  /** The entry as it stands in the file, before its templates were rendered. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Only of what a lock file or a user names: the name of the package's project. */
  readonly name?: string;
}
export interface LocalSpec extends Wanted {
  readonly kind: 'local';
  readonly local: string;
}
export interface GitSpec extends Wanted {
  readonly kind: 'git';
  readonly git: string;
  readonly revision: string | undefined;
  readonly subdirectory: string | undefined;
  readonly warnUnpinned: boolean;
}
export interface TarballSpec extends Wanted {
  readonly kind: 'tarball';
  readonly tarball: string;
}
export interface HubSpec extends Wanted {
  readonly kind: 'hub';
  readonly package: string;
  readonly versions: readonly string[];
  readonly prerelease: boolean;
}
export type PackageSpec = LocalSpec | GitSpec | TarballSpec | HubSpec;

/** What is written of each package, and beside it what only its hash needs. */
export interface PackageList {
  readonly file: string;
  readonly specs: readonly PackageSpec[];
  /** Rendered entries, for the hash of the lock file. */
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly yaml: YamlText;
}

export const PACKAGES_FILE = 'packages.yml';
export const LOCK_FILE = 'package-lock.yml';
const DEPENDENCIES_FILE = 'dependencies.yml';

const KEYS: Readonly<Record<string, readonly string[]>> = {
  package: ['package', 'version', 'install_prerelease', 'install-prerelease', 'name'],
  git: ['git', 'revision', 'subdirectory', 'warn-unpinned', 'warn_unpinned', 'name'],
  local: ['local', 'name'],
  tarball: ['tarball', 'name'],
  private: ['private'],
};

/** undefined: the file is not there. */
function yamlOf(folder: string, file: string): YamlText | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readYaml(readFileSync(path, 'utf8'), file) : undefined;
}

/** The packages that the project in `folder` asks for; throws DwhError with all that is wrong. `shown`: how the folder is called. */
export function readPackages(folder: string, scope: TextScope, shown = ''): PackageList {
  const [packages, dependencies] = [yamlOf(folder, PACKAGES_FILE), yamlOf(folder, DEPENDENCIES_FILE)];
  const lists = (yaml: YamlText | undefined): boolean => isMapping(yaml?.value) && yaml.value.packages !== undefined;
  if (lists(packages) && lists(dependencies)) {
    fail({
      code: 'packages-invalid',
      message: `packages stand in ${PACKAGES_FILE} and in ${DEPENDENCIES_FILE}`,
      at: { file: `${shown}${DEPENDENCIES_FILE}`, line: 1, column: 1 },
      hint: 'Keep them in one of the files.',
    });
  }
  const [file, yaml] = lists(dependencies) ? [DEPENDENCIES_FILE, dependencies] : [PACKAGES_FILE, packages];
  return listOf(yaml ?? readYaml('', file), `${shown}${file}`, file === PACKAGES_FILE ? scope : undefined);
}

/** The packages of a lock file; undefined: there is none. `sha1`: what they were resolved from. */
export function readLock(folder: string, scope: TextScope): { readonly list: PackageList; readonly sha1: string } | undefined {
  const yaml = yamlOf(folder, LOCK_FILE);
  if (!yaml) return undefined;
  return { list: listOf(yaml, LOCK_FILE, scope), sha1: isMapping(yaml.value) ? String(yaml.value.sha1_hash ?? '') : '' };
}

/** What the hub or a lock says of a package's own packages: JSON is YAML, too. */
export const packagesIn = (packages: readonly unknown[], file: string): PackageList =>
  listOf(readYaml(JSON.stringify({ packages }), file), file, undefined);

function listOf(yaml: YamlText, file: string, scope: TextScope | undefined): PackageList {
  const problems: Problem[] = [];
  const value = isMapping(yaml.value) ? yaml.value.packages : undefined;
  if (yaml.value !== undefined && !isMapping(yaml.value)) invalid(problems, file, yaml, [], 'it should be a mapping with the key packages');
  if (value !== undefined && value !== null && !Array.isArray(value))
    invalid(problems, file, yaml, ['packages'], "'packages' should be a list");
  const written: unknown[] = Array.isArray(value) ? value : [];
  const place = { file, package: scope?.projectName ?? '', locate: yaml.locateValue };
  const rendered = scope ? renderAll(written, textHost(scope, { secrets: true }), place, problems, ['packages']) : written;
  const entries: Readonly<Record<string, unknown>>[] = [];
  const specs: PackageSpec[] = [];
  for (const [index, entry] of (Array.isArray(rendered) ? rendered : []).entries()) {
    const spec = specOf(entry, written[index], { problems, file, yaml, path: ['packages', index] });
    if (!spec || !isMapping(entry)) continue;
    specs.push(spec);
    entries.push(entry);
  }
  throwIfAny(problems);
  return { file, specs, entries, yaml };
}

interface Reading {
  readonly problems: Problem[];
  readonly file: string;
  readonly yaml: YamlText;
  readonly path: ConfigPath;
}

const placeOf = (yaml: YamlText, file: string, path: ConfigPath): Location => ({ ...yaml.locate(path), file });

function invalid(problems: Problem[], file: string, yaml: YamlText, path: ConfigPath, message: string, hint?: string): undefined {
  problems.push({
    code: 'packages-invalid',
    message: `${file}: ${message}`,
    at: placeOf(yaml, file, path),
    ...(hint !== undefined && { hint }),
  });
  return undefined;
}

/** A version or revision as it is written: YAML takes 1.10 for a number. */
function scalar(value: unknown, { yaml, path }: Reading, key: string, index?: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') return String(value);
  return yaml.written([...path, key, ...(index === undefined ? [] : [index])]) ?? String(value);
}

function specOf(entry: unknown, raw: unknown, reading: Reading): PackageSpec | undefined {
  const { problems, file, yaml, path } = reading;
  const wrong = (message: string, hint?: string): undefined => invalid(problems, file, yaml, path, message, hint);
  const kinds = isMapping(entry) ? Object.keys(KEYS).filter((key) => entry[key] !== undefined) : [];
  const [kind] = kinds;
  if (!isMapping(entry) || !isMapping(raw) || kind === undefined || kinds.length > 1)
    return wrong('a package needs one of the keys package, git, local, tarball', 'For example: - package: dbt-labs/dbt_utils');
  const source = entry[kind];
  if (typeof source !== 'string' || source === '') return wrong(`'${kind}' is empty`, `Say which package: ${kind}: …`);
  if (kind === 'private') return wrong(`the private package '${source}' needs dbt's own service`, 'Name its repository with: git: …');
  const known = KEYS[kind] ?? [];
  for (const key of Object.keys(entry).filter((one) => !known.includes(one))) {
    const near = nearestName(key, known);
    wrong(`'${key}' is not a key of a ${kind} package`, near === undefined ? `There are: ${known.join(', ')}` : `Did you mean '${near}'?`);
  }
  const wanted: Wanted = { at: placeOf(yaml, file, path), written: raw, ...(typeof entry.name === 'string' && { name: entry.name }) };
  switch (kind) {
    case 'local':
      return { ...wanted, kind, local: source };
    case 'tarball':
      return { ...wanted, kind, tarball: source };
    case 'git': {
      const revision = scalar(entry.revision, reading, 'revision');
      const subdirectory = entry.subdirectory === undefined || entry.subdirectory === null ? undefined : String(entry.subdirectory);
      if (source.startsWith('-') || revision?.startsWith('-'))
        return wrong(`'${source}' at '${revision}' cannot be an address and a revision`);
      return {
        ...wanted,
        kind,
        git: source,
        revision,
        subdirectory,
        warnUnpinned: (entry['warn-unpinned'] ?? entry.warn_unpinned) !== false,
      };
    }
    default: {
      if (!/^[^/\s]+\/[^/\s]+$/.test(source))
        return wrong(`'${source}' is not a name of the hub`, 'A name has two parts: dbt-labs/dbt_utils. A folder is: local: …');
      const { version } = entry;
      const written = Array.isArray(version)
        ? version.map((one, index) => scalar(one, reading, 'version', index) ?? '')
        : [scalar(version, reading, 'version') ?? ''];
      const versions = written.flatMap((text) => text.split(',')).map((text) => text.trim());
      if (versions.every((text) => text === '')) return wrong(`${source} has no version`, 'For example: version: [">=1.0.0", "<2.0.0"]');
      return {
        ...wanted,
        kind: 'hub',
        package: source,
        versions,
        prerelease: (entry.install_prerelease ?? entry['install-prerelease']) === true,
      };
    }
  }
}

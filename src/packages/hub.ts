// The hub: which versions a package has, what each needs, and where it is. Each package is asked for once.
// https://hub.getdbt.com
import { isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { fail } from '../core/problem.ts';
import { Unreachable, type Web } from './web.ts';

export interface HubVersion {
  /** Of its project. */
  readonly name: string;
  readonly tarball: string;
  readonly packages: readonly unknown[];
  /** The releases of dbt that it works with: '>=1.3.0'. */
  readonly requires: readonly string[];
}

export interface Hub {
  readonly url: string;
  versions(name: string): Promise<ReadonlyMap<string, HubVersion>>;
}

function versionOf(value: unknown): HubVersion | undefined {
  if (!isMapping(value) || typeof value.name !== 'string' || !isMapping(value.downloads) || typeof value.downloads.tarball !== 'string')
    return undefined;
  const requires = value.require_dbt_version ?? [];
  return {
    name: value.name,
    tarball: value.downloads.tarball,
    packages: Array.isArray(value.packages) ? value.packages : [],
    requires: (Array.isArray(requires) ? requires : [requires]).map(String).filter((text) => text !== ''),
  };
}

export function hubAt(address: string, web: Web): Hub {
  const url = address.replace(/\/*$/, '/');
  const known = new Map<string, Promise<ReadonlyMap<string, HubVersion>>>();
  const read = async (path: string): Promise<unknown> => {
    try {
      const bytes = await web.get(`${url}api/v1/${path}.json`);
      return bytes && JSON.parse(bytes.toString('utf8'));
    } catch (error) {
      if (!(error instanceof Unreachable) && !(error instanceof SyntaxError)) throw error;
      return fail(
        {
          code: 'hub-unreachable',
          message: `the hub at ${url} gives no answer: ${error.message}`,
          hint: 'Name the package with git: or tarball:, set DWH_PACKAGE_HUB_URL to a copy of the hub, or bring dbt_packages/ along.',
        },
        { cause: error },
      );
    }
  };
  const ask = async (name: string): Promise<ReadonlyMap<string, HubVersion>> => {
    const found = await read(name);
    const versions = isMapping(found) && isMapping(found.versions) ? found.versions : undefined;
    if (versions)
      return new Map(
        Object.entries(versions)
          .flatMap(([version, value]) => [[version, versionOf(value)] as const])
          .filter(isKnown),
      );
    const index = await read('index');
    const near = nearestName(name, Array.isArray(index) ? index.map(String) : []);
    return fail({
      code: 'package-not-found',
      message: `the hub has no package '${name}'`,
      hint: near === undefined ? `Look for its name at ${url}` : `Did you mean '${near}'?`,
    });
  };
  return {
    url,
    versions(name) {
      const asked = known.get(name) ?? ask(name);
      known.set(name, asked);
      return asked;
    },
  };
}

const isKnown = (entry: readonly [string, HubVersion | undefined]): entry is readonly [string, HubVersion] => entry[1] !== undefined;

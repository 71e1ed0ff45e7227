// A package of the hub: the highest version that all who ask for it allow.
import { renameSync } from 'node:fs';
import { DwhError, fail } from '../core/problem.ts';
import { type Bound, boundOf, canMeet, highest, versionOf } from '../core/version-ranges.ts';
import { download } from './from-tarball.ts';
import { type Asking, asks, conflict, type Pinned, type Tools, written } from './pinned.ts';
import { type HubSpec, packagesIn } from './spec.ts';

function boundsOf({ spec }: Asking<HubSpec>): readonly Bound[] {
  return spec.versions.map(
    (text) =>
      boundOf(text) ??
      fail({
        code: 'package-version',
        message: `'${text}' of ${spec.package} is not a version`,
        at: spec.at,
        hint: 'A version has three numbers, and a range a sign before them: ">=1.0.0".',
      }),
  );
}

export async function pinHub(askings: readonly Asking<HubSpec>[], tools: Tools): Promise<Pinned> {
  const [{ spec }] = askings as readonly [Asking<HubSpec>];
  const name = spec.package;
  const bounds = askings.flatMap(boundsOf);
  if (!canMeet(bounds))
    conflict(
      name,
      asks(askings, ({ versions }) => versions.join(' ')),
      spec.at,
    );
  const all = await tools.hub.versions(name).catch((error: unknown) => {
    if (!(error instanceof DwhError)) throw error;
    const [first, ...rest] = error.problems;
    throw new DwhError([{ at: spec.at, ...first }, ...rest], { cause: error.cause });
  });
  const installed = versionOf(tools.dbtVersion);
  const fits = (requires: readonly string[]): boolean => requires.every((text) => !installed || (boundOf(text)?.allows(installed) ?? true));
  const usable = [...all].flatMap(([version, { requires }]) => (fits(requires) ? [version] : []));
  const prerelease = askings.some((asking) => asking.spec.prerelease);
  const version = highest(usable, bounds, prerelease);
  const found = version === undefined ? undefined : all.get(version);
  if (version === undefined || !found) {
    const other = highest([...all.keys()], bounds, prerelease);
    return fail({
      code: 'package-version',
      message:
        other === undefined
          ? `the hub has no version of ${name} that fits: ${asks(askings, ({ versions }) => versions.join(' '))}`
          : `${name} ${other} is not made for dbt ${tools.dbtVersion}: it requires ${all.get(other)?.requires.join(' ')}`,
      at: spec.at,
      hint: `There are: ${usable.slice(-10).join(', ') || 'none that can be used'}`,
    });
  }
  const latest = highest(usable, [], prerelease);
  return {
    name: found.name,
    locked: { name: found.name, package: written(spec, 'package'), version },
    shown: `version ${version} of ${name}`,
    ...(latest !== undefined && latest !== version && { later: latest }),
    needs: packagesIn(found.packages, name),
    folder: undefined,
    put: async (into) => renameSync(await download(found.tarball, spec, tools), into),
    warnings: [],
  };
}

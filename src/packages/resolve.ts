// Which packages are needed in all: the project's, theirs, and so on. Each is there once; packages that need one another are no
// mistake.
import { fail } from '../core/problem.ts';
import { keyOf, pin } from './pin.ts';
import type { Asking, Pinned, Tools } from './pinned.ts';
import type { PackageList } from './spec.ts';

const ROOT = 'the project';

/** In the order in which they are met. Throws DwhError. */
export async function resolvePackages(list: PackageList, rootName: string, tools: Tools): Promise<readonly Pinned[]> {
  const askings = new Map<string, Asking[]>();
  const pinned = new Map<string, Pinned>();
  let waiting: string[] = [];
  const add = (needs: PackageList, by: string, folder: string | undefined): void => {
    for (const spec of needs.specs) {
      const asking: Asking = { spec, by, folder };
      const key = keyOf(asking, tools);
      askings.set(key, [...(askings.get(key) ?? []), asking]);
      waiting.push(key);
    }
  };
  add(list, ROOT, tools.root);
  while (waiting.length > 0) {
    const now = [...new Set(waiting)];
    waiting = [];
    for (const key of now) {
      const all = askings.get(key) ?? [];
      if (all.length === 0) continue;
      const before = pinned.get(key);
      // Fetched again only when somebody asks for something else than before.
      const found = before && sameAs(all, before) ? before : await pin(all, tools);
      pinned.set(key, found);
      if (before && JSON.stringify(before.locked) === JSON.stringify(found.locked)) continue;
      // What an earlier version asked for counts no more.
      for (const [other, list_] of askings)
        askings.set(
          other,
          list_.filter(({ by }) => by !== found.name),
        );
      add(found.needs, found.name, found.folder);
    }
  }
  const needed = [...pinned].flatMap(([key, one]) => ((askings.get(key) ?? []).length > 0 ? [one] : []));
  checkNames(needed, rootName);
  return needed;
}

/** A folder, a tarball, and a revision are what they are, whoever asks. */
const sameAs = (all: readonly Asking[], { locked }: Pinned): boolean => {
  const [first, ...rest] = all;
  if (first?.spec.kind === 'hub') return false;
  return rest.every(
    ({ spec }) => spec.kind !== 'git' || spec.revision === undefined || spec.revision === locked.revision || same(spec, first),
  );
};
const same = (spec: Asking['spec'], first: Asking | undefined): boolean =>
  spec.kind === 'git' && first?.spec.kind === 'git' && spec.revision === first.spec.revision;

/** Packages are known by the names of their projects. */
export function checkNames(packages: readonly Pinned[], rootName: string): void {
  const seen = new Map<string, Pinned>();
  for (const one of packages) {
    const before = seen.get(one.name);
    if (before || one.name === rootName) {
      fail({
        code: 'package-twice',
        message: before
          ? `two packages have the name '${one.name}': ${before.shown} and ${one.shown}`
          : `a package has the name of the project, '${rootName}': ${one.shown}`,
        hint: before ? 'Take one of them out, or ask for it in the same way everywhere.' : 'Rename the project, or take the package out.',
      });
    }
    seen.set(one.name, one);
  }
}

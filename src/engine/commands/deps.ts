// deps: what packages.yml asks for is resolved, kept in package-lock.yml, and installed. https://docs.getdbt.com/reference/commands/deps
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DBT_VERSION } from '../../core/artifact-metadata.ts';
import type { Emit } from '../../core/event.ts';
import { type Problem, throwIfAny } from '../../core/problem.ts';
import type { Deps, DepsRequest, Request } from '../../core/request.ts';
import { added } from '../../packages/add.ts';
import { hubAt } from '../../packages/hub.ts';
import { checkPlace, install, recover } from '../../packages/install.ts';
import { lockText, sha1Of } from '../../packages/lock-file.ts';
import { keyOf, pin } from '../../packages/pin.ts';
import type { Pinned, Tools } from '../../packages/pinned.ts';
import { checkNames, resolvePackages } from '../../packages/resolve.ts';
import { LOCK_FILE, PACKAGES_FILE, readLock, readPackages } from '../../packages/spec.ts';
import { web } from '../../packages/web.ts';
import { fileScope, readProjectFile } from '../../project/load.ts';
import { placesOf } from '../../project/package-folder.ts';
import { tellWarnings } from '../open-project.ts';

const HUB = 'https://hub.getdbt.com/';

export async function deps(request: Request, asked: DepsRequest, outside: Deps, emit: Emit): Promise<void> {
  const root = resolve(request.cwd, request.projectDir);
  const problems: Problem[] = [];
  const { name: rootName, project } = readProjectFile(root, root, problems, request);
  throwIfAny(problems);
  const say = (message: string): void => emit({ type: 'note', level: 'info', message });
  const scope = fileScope(request, rootName, {});
  if (asked.add) {
    const path = join(root, PACKAGES_FILE);
    const { text, removed } = added(existsSync(path) ? readFileSync(path, 'utf8') : '', asked.add);
    for (const one of removed) say(`Removed ${one} from ${PACKAGES_FILE}`);
    say(`Added ${asked.add.name} to ${PACKAGES_FILE}`);
    if (request.dryRun) return emit({ type: 'output', text });
    writeFileSync(path, text);
  }
  const list = readPackages(root, scope);
  if (list.specs.length === 0) return say(`There are no packages in ${PACKAGES_FILE}: nothing to install.`);
  const path = project.string('packages-install-path') ?? 'dbt_packages';
  const places = placesOf(resolve(root, path));
  checkPlace(places, root, path, project.at('packages-install-path'));
  const { env, homeDir } = request;
  const page = web(outside.signal);
  let rooms = 0;
  const tools: Tools = {
    root,
    homeDir,
    env,
    signal: outside.signal,
    web: page,
    hub: hubAt(env.DWH_PACKAGE_HUB_URL || env.DBT_PACKAGE_HUB_URL || HUB, page),
    dbtVersion: DBT_VERSION,
    room: () => join(places.beside, `room-${rooms++}`),
    project(folder, shown) {
      const own: Problem[] = [];
      const { name } = readProjectFile(folder, root, own, request);
      throwIfAny(own);
      return { name, needs: readPackages(folder, fileScope(request, name, {}), `${shown}/`) };
    },
  };
  recover(places);
  try {
    const sha1 = sha1Of(list);
    const lock = asked.upgrade ? undefined : readLock(root, scope);
    let packages: readonly Pinned[];
    if (lock?.sha1 === sha1) packages = await fromLock(lock.list.specs, rootName, tools);
    else {
      packages = await resolvePackages(list, rootName, tools);
      const warnings = packages.flatMap((one) => one.warnings);
      tellWarnings(warnings, request, emit);
      if (!request.dryRun) {
        writeFileSync(
          join(root, LOCK_FILE),
          lockText(
            packages.map(({ locked }) => locked),
            sha1,
          ),
        );
        say(`Wrote ${LOCK_FILE}`);
      }
    }
    if (request.dryRun) return emit({ type: 'output', text: packages.map(({ name, shown }) => `${name}: ${shown}\n`).join('') });
    if (asked.lock) return;
    await install(packages, places, ({ name, shown, later }) =>
      say(`Installed ${name}: ${shown}${later === undefined ? '' : ` (the latest is ${later})`}`),
    );
    say(
      `${packages.length === 1 ? '1 package is' : `${packages.length} packages are`} in ${relative(root, places.installed) || places.installed}`,
    );
  } finally {
    recover(places);
  }
}

async function fromLock(
  specs: Awaited<ReturnType<typeof readPackages>>['specs'],
  rootName: string,
  tools: Tools,
): Promise<readonly Pinned[]> {
  const found = new Map<string, Pinned>();
  for (const spec of specs) {
    const asking = { spec, by: LOCK_FILE, folder: tools.root };
    const key = keyOf(asking, tools);
    if (!found.has(key)) found.set(key, await pin([asking], tools));
  }
  checkNames([...found.values()], rootName);
  return [...found.values()];
}

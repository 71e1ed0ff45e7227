// Adds to package-lock.json the optional packages of other platforms that npm left out, as it does when a registry does not
// serve them; without them `npm ci` refuses the file. Run after `npm install`: node --import tsx scripts/complete-lockfile.ts
import { readFileSync, writeFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** '…-linux-x64-musl': what the name of a platform's package says. */
export function platformOf(name: string): { readonly os: string[]; readonly cpu: string[]; readonly libc?: string[] } | undefined {
  const match = /-(aix|android|darwin|freebsd|linux|openbsd|netbsd|sunos|win32)-(arm64|arm|ia32|x64)(-musl|-gnu)?$/.exec(name);
  if (!match?.[1] || !match[2]) return undefined;
  const libc = match[3] === '-musl' ? ['musl'] : match[3] === '-gnu' ? ['glibc'] : undefined;
  return { os: [match[1]], cpu: [match[2]], ...(libc && { libc }) };
}

/** The optional packages that nothing in the lockfile stands for, with their versions. */
export function missingPackages(
  packages: Readonly<Record<string, Locked>>,
): readonly { readonly name: string; readonly version: string; readonly dev: boolean }[] {
  return Object.values(packages).flatMap(({ optionalDependencies = {}, dev = false }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => packages[`node_modules/${name}`] === undefined)
      .map(([name, version]) => ({ name, version, dev })),
  );
}

function completed(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, Locked> };
  for (const { name, version, dev } of missingPackages(lock.packages)) {
    const platform = platformOf(name);
    if (platform) lock.packages[`node_modules/${name}`] = { version, ...(dev && { dev }), optional: true, ...platform } as Locked;
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => (a === '' ? -1 : b === '' ? 1 : a.localeCompare(b, 'en'))),
  );
  return `${JSON.stringify(lock, null, 2)}\n`;
}

if (process.argv[1]?.endsWith('complete-lockfile.ts'))
  writeFileSync('package-lock.json', completed(readFileSync('package-lock.json', 'utf8')));

// What a run says of packages before it begins: those that are listed and not installed, and a lock file that is older than the
// list. dbt refuses to run then; here it is a warning, because dwh has the common package tests itself.
import type { TextScope } from '../context/types.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { sha1Of } from './lock-file.ts';
import { LOCK_FILE, readLock, readPackages } from './spec.ts';

const warning = (code: string, message: string, file: string): Problem => ({
  code,
  severity: 'warning',
  message,
  at: { file, line: 1, column: 1 },
  hint: 'Install them with: dwh deps',
});

/** `installed`: names of projects in the folder of packages. */
export function packageWarnings(root: string, installed: readonly string[], scope: TextScope): readonly Problem[] {
  let list: ReturnType<typeof readPackages>;
  let lock: ReturnType<typeof readLock>;
  try {
    list = readPackages(root, scope);
    lock = readLock(root, scope);
  } catch (error) {
    // An environment variable that only `deps` needs, say.
    if (error instanceof DwhError) return error.problems.map((problem) => ({ ...problem, severity: 'warning' }));
    throw error;
  }
  if (list.specs.length === 0) return [];
  if (lock && lock.sha1 !== sha1Of(list))
    return [
      warning('packages-stale', `${LOCK_FILE} is older than ${list.file}: other packages are asked for than were resolved`, list.file),
    ];
  const names = lock?.list.specs.flatMap(({ name }) => name ?? []) ?? [];
  const missing = names.filter((name) => !installed.includes(name));
  if (missing.length > 0)
    return [
      warning(
        'packages-missing',
        `${LOCK_FILE} has ${missing.join(', ')}, and ${missing.length === 1 ? 'it is' : 'they are'} not installed`,
        list.file,
      ),
    ];
  const count = (n: number): string => `${n} ${n === 1 ? 'package' : 'packages'}`;
  if (list.specs.length > installed.length)
    return [
      warning(
        'packages-missing',
        `${list.file} lists ${count(list.specs.length)}, and ${installed.length} ${installed.length === 1 ? 'is' : 'are'} installed`,
        list.file,
      ),
    ];
  return [];
}

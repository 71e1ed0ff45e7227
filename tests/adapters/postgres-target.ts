// A postgres target for tests: a database of its own on the tests' server.
import type { Credentials, Warehouse } from '../../src/adapters/adapter.ts';
import { postgres } from '../../src/adapters/postgres/index.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import { postgresTarget } from '../support/postgres.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openOptions } from './open-options.ts';

/** Problems' places are 'profiles.yml', with the key's number as line. */
export function credentialsOf(target: Readonly<Record<string, unknown>>, problems: Problem[] = []): Credentials {
  const keys = Object.keys(target);
  const locate = (path: readonly (string | number)[]) => ({ file: 'profiles.yml', line: keys.indexOf(String(path[0])) + 1, column: 1 });
  return postgres.credentials(new ConfigReader({ type: 'postgres', ...target }, { locate, problems }), tempDir('postgres'));
}

export async function openTarget(
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ credentials: Credentials; warehouse: Warehouse }> {
  const credentials = credentialsOf({ ...(await postgresTarget()), schema: 'analytics', ...more });
  return { credentials, warehouse: await postgres.open(credentials, openOptions) };
}

// A duckdb target for tests: its keys as a profile has them, its folder a temporary one.
import type { Adapter, Credentials, Warehouse } from '../../src/adapters/adapter.ts';
import { adapters } from '../../src/adapters/index.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openOptions } from './open-options.ts';

const found = await adapters.get('duckdb')?.();

export function duckdbAdapter(): Adapter {
  if (!found) throw new Error('there is no adapter for duckdb');
  return found;
}

/** Problems' places are 'profiles.yml', with the key's number as line. */
export function credentialsOf(target: Readonly<Record<string, unknown>>, folder: string, problems: Problem[] = []): Credentials {
  const keys = Object.keys(target);
  const locate = (path: readonly (string | number)[]) => ({ file: 'profiles.yml', line: keys.indexOf(String(path[0])) + 1, column: 1 });
  return duckdbAdapter().credentials(new ConfigReader({ type: 'duckdb', ...target }, { locate, problems }), folder);
}

export const openTarget = (target: Readonly<Record<string, unknown>> = {}, folder = tempDir('duckdb')): Promise<Warehouse> =>
  duckdbAdapter().open(credentialsOf(target, folder), openOptions);

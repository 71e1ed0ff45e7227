// debug: what dwh found and whether it can connect. Everything is looked at, also after a failure.

import { dirname, resolve } from 'node:path';
import { DatabaseError } from '../../adapters/adapter.ts';
import type { Emit } from '../../core/event.ts';
import { DwhError, fail, type Problem } from '../../core/problem.ts';
import type { Deps, Request } from '../../core/request.ts';
import type { Secrets } from '../../core/secrets.ts';
import { statement } from '../../core/statement.ts';
import { load, type ProjectFiles } from '../../project/index.ts';
import { adapterOf } from '../open-project.ts';

export async function debug(request: Request, deps: Deps, emit: Emit, { learn }: Secrets): Promise<void> {
  const say = (text: string): void => emit({ type: 'output', text: `${text}\n` });
  const problems: Problem[] = [];
  const attempt = async <T>(work: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DwhError) problems.push(...error.problems);
      else if (error instanceof DatabaseError)
        problems.push({
          code: 'connection-failed',
          message: error.message,
          ...(error.details.hint !== undefined && { hint: error.details.hint }),
        });
      else throw error;
      return undefined;
    }
  };
  if (request.profilesOnly) return say(profilesFolder(await load(request)));
  const describing = request.connectionOnly ? () => {} : say;
  describing(`dwh ${request.version}, node ${request.args.node ?? ''}`.trim());
  const files = await attempt(() => load(request));
  if (files) learn(...files.target.secrets);
  if (files) describe(files, describing);
  const adapter = files && (await attempt(() => adapterOf(files.target.type)));
  const credentials = files && adapter && (await attempt(() => adapter.credentials(files.target.config, files.root)));
  if (credentials) for (const [key, value] of Object.entries(credentials.shown)) describing(`  ${key}: ${shown(value)}`);
  const connected =
    adapter &&
    credentials &&
    (await attempt(async () => {
      const warehouse = await adapter.open(credentials, { maxConcurrency: request.maxConcurrency, clock: deps.clock, learned: learn });
      try {
        const connection = await warehouse.connect();
        await connection.run(statement('select 1'));
        await connection.close();
        return true;
      } finally {
        await warehouse.close();
      }
    }));
  say(`connection: ${connected ? 'OK' : 'failed'}`);
  const [first, ...rest] = problems;
  if (first) throw new DwhError([first, ...rest]);
}

/** Absolute. */
function profilesFolder({ root, target }: ProjectFiles): string {
  const file = target.config.at()?.file;
  if (file !== undefined) return dirname(resolve(root, file));
  return fail({
    code: 'profiles-missing',
    message: 'no profiles.yml is read: the project names no profile, and runs on the embedded DuckDB',
    hint: 'Name a profile in the project file, or with --profile.',
  });
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function describe(files: ProjectFiles, say: (text: string) => void): void {
  const [root] = files.packages;
  say(`project: ${root.name} (${root.projectFile.file})`);
  const profiles = files.target.config.at()?.file;
  if (profiles !== undefined) say(`profile: ${files.target.profileName} (${profiles})`);
  say(
    `target: ${files.target.embedded ? 'embedded DuckDB (the project names no profile)' : `${files.target.profileName}.${files.target.targetName}`}, ${files.target.type}`,
  );
}

// What every artifact says of itself, in dbt's words. https://docs.getdbt.com/reference/artifacts/dbt-artifacts
import type { Request } from './request.ts';

/** The dbt release whose behaviour and artifacts are the reference; `dbt_version` says it, so that macros which compare versions work. */
export const DBT_VERSION = '1.11.0';

const CUSTOM = 'DBT_ENV_CUSTOM_ENV_';

/** What users want to find in artifacts: variables of the environment that begin so, without that beginning. */
export const customEnv = (env: Request['env']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(CUSTOM) && value !== undefined ? [[name.slice(CUSTOM.length), value]] : [],
    ),
  );

/** Of a Request. */
export type ArtifactMeta = Pick<Request, 'invocationId' | 'startedAt' | 'env' | 'retry'>;

const iso = (at: number): string => new Date(at).toISOString();

/** `schema`: 'manifest/v12'. `generatedAt`: epoch ms. */
export const artifactMetadata = (schema: string, generatedAt: number, { invocationId, startedAt, env, retry }: ArtifactMeta) => ({
  dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
  dbt_version: DBT_VERSION,
  generated_at: iso(generatedAt),
  invocation_id: invocationId,
  // Of a retry: when the run began that it goes on with.
  invocation_started_at: iso(retry?.startedAt ?? startedAt),
  env: customEnv(env),
});

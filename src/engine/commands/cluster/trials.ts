// What doctor does at the warehouse itself: log in, and COPY one object.
import { type Connection, DatabaseError } from '../../../adapters/adapter.ts';
import { redshift } from '../../../adapters/redshift/index.ts';
import { DwhError, type Problem } from '../../../core/problem.ts';
import { statement } from '../../../core/statement.ts';
import { openBucket, openFolder } from '../../../s3/index.ts';
import type { Context } from './context.ts';
import type { Target } from './project.ts';

async function connected<T>(
  { request, deps, secrets }: Context,
  { credentials }: Target,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const warehouse = await redshift.open(credentials, { maxConcurrency: request.maxConcurrency, clock: deps.clock, learned: secrets.learn });
  try {
    const connection = await warehouse.connect();
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  } finally {
    await warehouse.close();
  }
}

export async function testLogin(context: Context, target: Target): Promise<string | Problem> {
  try {
    await connected(context, target, (connection) => connection.run(statement('select 1')));
    return `into ${target.credentials.database} as the target '${target.name}' says`;
  } catch (error) {
    if (error instanceof DwhError) return error.problems[0];
    if (!(error instanceof DatabaseError)) throw error;
    return {
      code: 'doctor-login',
      message: `no login: ${error.message}`,
      hint: 'Check user and password of the target, or let it log in with method: iam or secret.',
    };
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const TABLE = 'dwh_doctor';

/** An object of one row at work_uri is read into a temporary table; without work_uri one of the sources' is read, and not loaded. */
export async function testCopy(context: Context, target: Target): Promise<string | Problem> {
  const { deps, project } = context;
  const { work } = target.credentials;
  const role = work?.iamRole === undefined || work.iamRole === 'default' ? 'default' : literal(work.iamRole);
  const read = (uri: string, how: string): Promise<string | Problem> =>
    connected(context, target, async (connection) => {
      try {
        await connection.run(statement(`create temp table ${TABLE} (line varchar(65535))`));
        await connection.run(statement(`copy ${TABLE} from ${literal(uri)} iam_role ${role} ${how}`));
        return `${uri} was read`;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        return {
          code: 'doctor-copy',
          message: `COPY of ${uri} fails: ${error.message}`,
          hint: 'If S3 denies it: dwh cluster create gives the role its rights; also look at the policy of the bucket and its KMS key.',
        };
      }
    });
  if (work?.uri !== undefined) {
    const folder = await openFolder(work.uri, work.at);
    const name = `doctor-${context.request.invocationId}.csv`;
    try {
      const uri = await folder.put(name, 'well\n', deps.signal);
      return await read(uri, 'csv');
    } finally {
      await folder.remove(name, deps.signal).catch(() => undefined);
      folder.close();
    }
  }
  const [source] = project.sources;
  if (!source) return 'no source is on S3: nothing to try';
  const at = { file: 'project.yml', line: 1, column: 1 };
  const bucket = await openBucket(source.bucket, at, source.region);
  try {
    for await (const page of bucket.list(source.key, deps.signal, 1)) {
      const [object] = page;
      if (object) {
        const region = bucket.region() === project.settings.region ? '' : ` region ${literal(bucket.region())}`;
        return await read(`s3://${source.bucket}/${object.key}`, `delimiter '\\001' truncatecolumns maxerror 100000 noload${region}`);
      }
    }
    return `s3://${source.bucket}/${source.key} has no object to try`;
  } finally {
    bucket.close();
  }
}

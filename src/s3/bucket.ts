// One S3 bucket by the AWS SDK, which signs, retries and checks checksums. What goes wrong is a DwhError at the place that names
// the bucket.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Location } from '../core/location.ts';
import { DwhError } from '../core/problem.ts';
import { type Access, findAccess } from './access.ts';
import { type Bucket, CONCURRENCY, type S3Object } from './objects.ts';
import { type Asked, answerOf, s3Problem } from './problems.ts';

export async function bucketOf(name: string, at: Location, region: string | undefined): Promise<Bucket> {
  const access = await findAccess(region, CONCURRENCY).catch((error: unknown) => {
    const asked: Asked = { place: `s3://${name}`, verb: 'read', at };
    throw new DwhError([s3Problem(asked, error, { anonymous: false, endpoint: undefined }, [])]);
  });
  const connection = connectionTo(name, at, access);
  const { ask, refused } = connection;
  const object = (key: string, found: { readonly ETag?: string | undefined; readonly ContentLength?: number | undefined }): S3Object => ({
    key,
    size: found.ContentLength ?? 0,
    etag: bare(found.ETag),
  });
  return {
    async *list(prefix, signal, limit) {
      let token: string | undefined;
      do {
        const from = token;
        const page = await ask('listed', prefix, signal, (client) =>
          client.send(
            new ListObjectsV2Command({
              Bucket: name,
              Prefix: prefix,
              // Keys may have characters that XML has not.
              EncodingType: 'url',
              ...(limit !== undefined && { MaxKeys: limit }),
              ...(from !== undefined && { ContinuationToken: from }),
            }),
            { abortSignal: signal },
          ),
        );
        const read = page.EncodingType === 'url' ? (key: string) => decodeURIComponent(key.replaceAll('+', ' ')) : (key: string) => key;
        yield (page.Contents ?? []).map(({ Key = '', Size = 0, ETag }) => ({ key: read(Key), size: Size, etag: bare(ETag) }));
        token = page.IsTruncated === true && limit === undefined ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },

    async get(key, signal, { etag, first } = {}) {
      const command = new GetObjectCommand({
        Bucket: name,
        Key: key,
        ...(etag !== undefined && { IfMatch: `"${etag}"` }),
        ...(first !== undefined && { Range: `bytes=0-${first - 1}` }),
      });
      const found = await unlessAbsent(ask('read', key, signal, (client) => client.send(command, { abortSignal: signal })));
      if (!found) return undefined;
      const body = found.Body as AsyncIterable<Uint8Array>;
      const bytes = async function* (): AsyncGenerator<Uint8Array, void> {
        try {
          yield* body;
        } catch (error) {
          throw await refused('read', key, signal, error);
        }
      };
      return { ...object(key, found), bytes: bytes() };
    },

    async head(key, signal) {
      const command = new HeadObjectCommand({ Bucket: name, Key: key });
      const found = await unlessAbsent(ask('read', key, signal, (client) => client.send(command, { abortSignal: signal })));
      return found && object(key, found);
    },

    async put(key, content, signal) {
      const command = new PutObjectCommand({ Bucket: name, Key: key, Body: content });
      return bare((await ask('written', key, signal, (client) => client.send(command, { abortSignal: signal }))).ETag);
    },

    async remove(key, signal) {
      const command = new DeleteObjectCommand({ Bucket: name, Key: key });
      await ask('removed', key, signal, (client) => client.send(command, { abortSignal: signal }));
    },

    region: connection.region,
    close: connection.close,
  };
}

const bare = (etag: string | undefined): string => etag?.replaceAll('"', '') ?? '';

/** The object is not there, or not as it should be. Any other refusal is thrown as it is. */
async function unlessAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    const { name, status } = answerOf(error instanceof Error ? error.cause : error);
    if (status === 412 || name === 'NoSuchKey' || name === 'NotFound') return undefined;
    throw error;
  }
}

interface Connection {
  ask<T>(verb: Asked['verb'], key: string, signal: AbortSignal, send: (client: S3Client) => Promise<T>): Promise<T>;
  refused(verb: Asked['verb'], key: string, signal: AbortSignal, error: unknown): Promise<DwhError>;
  region(): string;
  close(): void;
}

function connectionTo(name: string, at: Location, access: Access): Connection {
  let { region } = access;
  let client = access.connect(region);
  const clients = [client];
  const refused: Connection['refused'] = async (verb, key, signal, error) => {
    signal.throwIfAborted();
    const place = `s3://${name}/${key}`;
    return new DwhError([s3Problem({ place, verb, at }, error, access, await access.secrets())], { cause: error });
  };
  return {
    refused,
    async ask(verb, key, signal, send) {
      const used = region;
      try {
        return await send(client);
      } catch (error) {
        // The SDK can follow by itself, and mixes up requests that are under way at the same time.
        const elsewhere = answerOf(error).region;
        if (elsewhere === undefined || elsewhere === used) throw await refused(verb, key, signal, error);
        if (region !== elsewhere) {
          region = elsewhere;
          client = access.connect(region);
          clients.push(client);
        }
        return await send(client).catch(async (again: unknown) => {
          throw await refused(verb, key, signal, again);
        });
      }
    },
    region: () => region,
    close() {
      for (const one of clients) one.destroy();
    },
  };
}

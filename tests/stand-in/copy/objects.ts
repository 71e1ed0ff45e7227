// Which objects a COPY reads: those of a prefix, or those that a manifest names.
// https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
import { gunzipSync } from 'node:zlib';
import type { ObjectStore } from '../database.ts';
import { Refused } from '../errors.ts';
import type { CopyOptions } from './options.ts';

export interface SourceObject {
  /** s3://bucket/key */
  readonly url: string;
  readonly bytes: Uint8Array;
}

/** What the store answers in place of a listing or an object. */
export class StoreError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const DETAIL = (context: string): string =>
  `\n  -----------------------------------------------\n  error:  ${context}\n  code:      8001\n  context:   \n  query:     0\n  location:  s3_utility.cpp:669\n  process:   padbmaster [pid=1]\n  -----------------------------------------------`;
const failed = (message: string): Refused => new Refused({ sqlstate: 'XX000', message, detail: DETAIL(message) });
const NO_KEY = 'S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey';

export function splitUrl(url: string): readonly [bucket: string, key: string] {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? [];
  if (bucket === '') throw failed(`The S3 path '${url}' is not valid`);
  return [bucket, key];
}

async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError) throw failed(`S3ServiceException:${error.message},Status ${error.status},Error ${error.code}`);
    throw error;
  }
}

export async function readUrl(store: ObjectStore, url: string): Promise<Uint8Array | undefined> {
  const [bucket, key] = splitUrl(url);
  return asked(store.read(bucket, key));
}

export async function sourceObjects(store: ObjectStore, url: string, options: CopyOptions): Promise<readonly SourceObject[]> {
  const found: SourceObject[] = [];
  const unpack = (bytes: Uint8Array): Uint8Array => (options.has('gzip') ? gunzipSync(bytes) : bytes);
  const add = async (one: string, mandatory: boolean): Promise<void> => {
    const bytes = await readUrl(store, one);
    if (bytes) found.push({ url: one, bytes: unpack(bytes) });
    else if (mandatory) throw failed(NO_KEY);
  };
  if (options.has('manifest')) {
    const bytes = await readUrl(store, url);
    if (!bytes) throw failed(`Problem reading manifest file - ${NO_KEY}`);
    for (const { url: one, mandatory } of entriesOf(bytes)) await add(one, mandatory);
    return found;
  }
  const [bucket, prefix] = splitUrl(url);
  const keys = await asked(store.list(bucket, prefix));
  if (keys.length === 0) throw failed(`The specified S3 prefix '${prefix}' does not exist`);
  for (const key of keys) await add(`s3://${bucket}/${key}`, true);
  return found;
}

function entriesOf(bytes: Uint8Array): readonly { readonly url: string; readonly mandatory: boolean }[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw failed('Manifest file is not in correct json format');
  }
  const entries = (manifest as { entries?: unknown } | null)?.entries;
  if (!Array.isArray(entries)) throw failed('Mandatory entries is not present in manifest file.');
  return entries.map((entry: { url?: unknown; mandatory?: unknown }) => {
    if (typeof entry.url !== 'string') throw failed('Mandatory url is not present in manifest file.');
    return { url: entry.url, mandatory: entry.mandatory === true };
  });
}

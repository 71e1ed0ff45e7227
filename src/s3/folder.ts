// A folder of S3 in which dwh puts what a warehouse is to read.
import type { Location } from '../core/location.ts';
import { fail } from '../core/problem.ts';
import { openBucket } from './open.ts';
import { s3Url } from './url.ts';

export interface Folder {
  /** Returns its URL. */
  put(name: string, content: string | Uint8Array, signal: AbortSignal): Promise<string>;
  remove(name: string, signal: AbortSignal): Promise<void>;
  /** Of the bucket, once something was put there. */
  region(): string;
  close(): void;
}

/** `uri`: 's3://bucket/prefix/'; `at`: where it is written. */
export async function openFolder(uri: string, at: Location): Promise<Folder> {
  const url = s3Url(uri) ?? fail({ code: 'load-place', message: `'${uri}' names no bucket`, at, hint: 'Write s3://bucket/folder/.' });
  const bucket = await openBucket(url.bucket, at);
  const keyOf = (name: string): string => `${url.key}${name}`;
  return {
    async put(name, content, signal) {
      await bucket.put(keyOf(name), content, signal);
      return `s3://${url.bucket}/${keyOf(name)}`;
    },
    remove: (name, signal) => bucket.remove(keyOf(name), signal),
    region: bucket.region,
    close: bucket.close,
  };
}

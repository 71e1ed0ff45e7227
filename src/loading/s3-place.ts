// A load's files on S3: listed with their ETags, so that what is new is known without reading it; fetched to a folder of this
// machine when they are to be loaded.
import type { ListedFile } from '../core/copy.ts';
import type { Location } from '../core/location.ts';
import type { CopySpec } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { type Bucket, CONCURRENCY, openBucket, type S3Object, type S3Url, s3Url } from '../s3/index.ts';
import { atOnce } from './at-once.ts';
import type { JsonpathsFile } from './jsonpaths-file.ts';
import { fileChanged, inBinaryOrder } from './list.ts';
import type { Place } from './place.ts';
import { fetchObjects } from './s3-fetch.ts';

/** Objects of one page of a listing. */
const PAGE = 1000;

export function s3Place(spec: CopySpec): Place {
  const { at } = spec;
  const url = parsed(spec.from, 'from', at);
  const folder = url.key === '' || url.key.endsWith('/') ? url.key : `${url.key}/`;
  let opened: Promise<Bucket> | undefined;
  let fetched: Awaited<ReturnType<typeof fetchObjects>> | undefined;
  const bucket = (): Promise<Bucket> => {
    opened ??= openBucket(url.bucket, at, regionOf(spec));
    return opened;
  };

  /** A prefix means a folder, or the one object of that name: of all keys that begin with its name, its own comes first. */
  async function list(signal: AbortSignal): Promise<readonly ListedFile[]> {
    const from = await bucket();
    const found: ListedFile[] = [];
    const name = folder.slice(0, -1);
    if (name !== '') for await (const page of from.list(name, signal, 1)) found.push(...listedOf(page.filter((one) => one.key === name)));
    for await (const page of from.list(folder, signal)) found.push(...listedOf(page));
    return inBinaryOrder(found);
  }

  const listedOf = (objects: readonly S3Object[]): readonly ListedFile[] =>
    objects
      .filter((object) => !isFolderMark(object))
      .map(({ key, size, etag }) => {
        const place = `s3://${url.bucket}/${key}`;
        return { key: place, location: place, size, mark: `${etag}-${size}`, content: etag };
      });
  const keyOf = (file: ListedFile): string => file.key.slice(`s3://${url.bucket}/`.length);
  let listedCount = 0;

  return {
    async list(signal) {
      const files = await list(signal);
      listedCount = files.length;
      return files;
    },
    async fetch(files, signal) {
      await fetched?.remove();
      fetched = await fetchObjects(await bucket(), files, keyOf, at, signal);
      return fetched.files;
    },
    async start(file, length, signal) {
      // An empty object has no first byte to ask for.
      if (file.size === 0) return Buffer.alloc(0);
      const found = await (await bucket()).get(keyOf(file), signal, { etag: file.content, first: length });
      return found ? bytesOf(found.bytes) : fail(fileChanged([file], at));
    },
    region: async () => (await bucket()).region(),
    named: (text) => fetched?.named(text) ?? text,
    /** Asked one by one, or by another listing when that takes less time. */
    async changedSince(files, signal) {
      if (files.length === 0) return [];
      if (files.length / CONCURRENCY > listedCount / PAGE) {
        const marks = new Map((await list(signal)).map(({ key, mark }) => [key, mark]));
        return files.filter((file) => marks.get(file.key) !== file.mark);
      }
      const from = await bucket();
      const changed = new Set<ListedFile>();
      await atOnce(CONCURRENCY, files, signal, async (file, _index, stop) => {
        const now = await from.head(keyOf(file), stop);
        if (now?.etag !== file.content) changed.add(file);
      });
      return files.filter((file) => changed.has(file));
    },
    async close() {
      (await opened?.catch(() => undefined))?.close();
      await fetched?.remove();
    },
  };
}

async function bytesOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What tools put in place of an empty folder. */
const isFolderMark = ({ key, size }: S3Object): boolean => size === 0 && /(?:\/|_\$folder\$)$/.test(key);

const regionOf = ({ options }: CopySpec): string | undefined => (typeof options.region === 'string' ? options.region : undefined);

function parsed(written: string, key: string, at: Location): S3Url {
  const url = s3Url(written);
  if (url) return url;
  return fail({ code: 'load-place', message: `'${written}' in '${key}' names no bucket`, at, hint: 'Write s3://bucket/folder/.' });
}

export async function s3Jsonpaths(spec: CopySpec, signal: AbortSignal): Promise<JsonpathsFile> {
  const { jsonpaths, at } = spec;
  const { bucket: name, key } = parsed(jsonpaths, 'jsonpaths', at);
  const bucket = await openBucket(name, at, regionOf(spec));
  try {
    const found = key === '' ? undefined : await bucket.get(key, signal);
    if (!found) {
      return fail({
        code: 'jsonpaths-unreadable',
        message: `'${jsonpaths}' does not exist`,
        at,
        hint: "Name the object of a jsonpaths file, or write auto or 'auto ignorecase'.",
      });
    }
    return { file: `s3://${name}/${key}`, text: (await bytesOf(found.bytes)).toString() };
  } finally {
    bucket.close();
  }
}

// A small S3 of our own on a loopback port: buckets in memory, the requests that dwh and Redshift's COPY make, S3's errors as
// S3 words them, and faults on request. What it does not know it refuses with 501, so that no test passes by accident.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** What happens to a request instead of its answer: an error of S3's; a connection that is cut behind some bytes of the body, or a
 *  body that ends there as if that were all; or none. */
export type Fault =
  | { readonly status: number; readonly code: string; readonly message?: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly cutAfter: number }
  | { readonly endAfter: number }
  | { readonly never: true };

export interface BucketOptions {
  /** Requests that are signed for another region are sent there. Default us-west-2. */
  readonly region?: string;
  /** Unsigned requests are let in. */
  readonly public?: boolean;
}

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly modified: Date;
}

interface Bucket extends BucketOptions {
  readonly objects: Map<string, StoredObject>;
  /** Keys in binary order; undefined after a change. */
  sorted?: readonly string[] | undefined;
}

export class S3Server {
  readonly #buckets = new Map<string, Bucket>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  /** All so far, in order; those that were made to fail as well. */
  readonly requests: S3Request[] = [];
  /** Asked before each request is answered. */
  fault: (request: S3Request) => Fault | undefined = () => undefined;
  /** Access keys that are let in; undefined: all. */
  accessKeys: readonly string[] | undefined;
  /** Servers that are not Amazon's may pass them over. */
  knowsConditions = true;
  /** As S3's own limit for a page of a listing. */
  pageSize = 1000;

  static async start(): Promise<S3Server> {
    const server = new S3Server();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  bucket(name: string, options: BucketOptions = {}): void {
    this.#buckets.set(name, { ...options, objects: this.#buckets.get(name)?.objects ?? new Map() });
  }

  /** Returns the ETag, without its quotes. */
  put(bucket: string, key: string, content: string | Uint8Array): string {
    if (!this.#buckets.has(bucket)) this.bucket(bucket);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const etag = createHash('md5').update(bytes).digest('hex');
    this.#changed(bucket).objects.set(key, { bytes, etag, modified: new Date() });
    return etag;
  }

  remove(bucket: string, key: string): void {
    this.#changed(bucket).objects.delete(key);
  }

  /** An object's content as text. */
  text(bucket: string, key: string): string | undefined {
    const found = this.#buckets.get(bucket)?.objects.get(key);
    return found && Buffer.from(found.bytes).toString();
  }

  /** Without a request: keys that begin with the prefix, in binary order; undefined: there is no such bucket. */
  keys(bucket: string, prefix: string): readonly string[] | undefined {
    const keys = this.#buckets.get(bucket)?.objects.keys();
    return keys && [...keys].filter((key) => key.startsWith(prefix)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  has(bucket: string): boolean {
    return this.#buckets.has(bucket);
  }

  /** Without a request. */
  bytes(bucket: string, key: string): Uint8Array | undefined {
    return this.#buckets.get(bucket)?.objects.get(key)?.bytes;
  }

  /** How many requests of each kind there were: { 'GET a/b.json': 2 }; a listing is 'LIST prefix'. */
  asked(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { method, key, query } of this.requests) {
      const name = query.has('list-type') ? `LIST ${query.get('prefix') ?? ''}` : `${method} ${key}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  #changed(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new Error(`there is no bucket ${name}`);
    bucket.sorted = undefined;
    return bucket;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (incoming.url ?? '').split(/\?(.*)/s);
    const [, bucket = '', key = ''] = path.split(/^\/([^/]*)\/?/s).map(decodeURIComponent);
    const request: S3Request = {
      method: incoming.method ?? '',
      bucket,
      key,
      query: new URLSearchParams(query),
      headers: incoming.headers,
    };
    this.requests.push(request);
    const fault = this.fault(request);
    if (fault && 'never' in fault) return;
    if (fault && 'status' in fault) {
      const { status, code, message = `${code}, on request`, headers = {} } = fault;
      return refuse(request, response, status, code, message, headers);
    }
    const body = await content(incoming);
    if (!this.#admits(request, response)) return;
    const answer = this.#answer(request, body, response);
    if (!answer) return;
    const bytes = request.method === 'HEAD' ? Buffer.alloc(0) : answer.bytes;
    if (fault && 'endAfter' in fault) {
      response.writeHead(answer.status, answer.headers);
      response.end(bytes.subarray(0, fault.endAfter));
      return;
    }
    response.writeHead(answer.status, { 'content-length': answer.bytes.length, ...answer.headers });
    if (fault) {
      response.write(bytes.subarray(0, fault.cutAfter), () => setTimeout(() => response.destroy(), 20));
      return;
    }
    response.end(bytes);
  }

  /** Whether the bucket is there and the request may see it; if not it is refused. */
  #admits(request: S3Request, response: ServerResponse): boolean {
    const bucket = this.#buckets.get(request.bucket);
    const credential = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '');
    if (!bucket) {
      refuse(request, response, 404, 'NoSuchBucket', 'The specified bucket does not exist');
    } else if (!credential && bucket.public !== true) {
      refuse(request, response, 403, 'AccessDenied', 'Access Denied');
    } else if (credential && this.accessKeys?.includes(credential[1] ?? '') === false) {
      refuse(request, response, 403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {}, [
        ['AWSAccessKeyId', credential[1] ?? ''],
      ]);
    } else if (credential && credential[2] !== (bucket.region ?? 'us-west-2')) {
      const wrong = `The authorization header is malformed; the region '${credential[2]}' is wrong; expecting '${bucket.region}'`;
      refuse(request, response, 400, 'AuthorizationHeaderMalformed', wrong, { 'x-amz-bucket-region': bucket.region ?? 'us-west-2' }, [
        ['Region', bucket.region ?? 'us-west-2'],
      ]);
    } else return true;
    return false;
  }

  #answer(request: S3Request, body: Buffer, response: ServerResponse): Answer | undefined {
    const { method, key, query, headers } = request;
    const bucket = this.#buckets.get(request.bucket);
    if (!bucket) return undefined;
    if (method === 'GET' && key === '' && query.get('list-type') === '2') return listing(request, bucket, this.pageSize);
    const found = bucket.objects.get(key);
    const ifMatch = headers['if-match']?.replaceAll('"', '');
    if ((method === 'GET' || method === 'HEAD') && key !== '') {
      if (!found) return refuse(request, response, 404, 'NoSuchKey', 'The specified key does not exist.');
      if (this.knowsConditions && ifMatch !== undefined && ifMatch !== found.etag)
        return refuse(request, response, 412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
      return objectAnswer(found, headers.range);
    }
    if (method === 'PUT' && key !== '') {
      if (headers['if-none-match'] === '*' && found)
        return refuse(request, response, 412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
      return { status: 200, headers: { etag: `"${this.put(request.bucket, key, body)}"` }, bytes: Buffer.alloc(0) };
    }
    if (method === 'DELETE' && key !== '') {
      this.remove(request.bucket, key);
      return { status: 204, headers: {}, bytes: Buffer.alloc(0) };
    }
    return refuse(request, response, 501, 'NotImplemented', `${method} ${query} is not part of this server`);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');

/** As S3 does for encoding-type=url. */
const urlText = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');

function refuse(
  request: S3Request,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more: readonly (readonly [string, string])[] = [],
): undefined {
  const fields = [['Code', code], ['Message', message], ...more, ['RequestId', '4442587FB7D0A2F9']];
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields.map(([name, text = '']) => `<${name}>${xmlText(text)}</${name}>`).join('')}</Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml), ...headers });
  response.end(request.method === 'HEAD' ? '' : xml);
}

function listing({ bucket: name, query }: S3Request, bucket: Bucket, pageSize: number): Answer {
  bucket.sorted ??= [...bucket.objects.keys()]
    .map((key) => Buffer.from(key))
    .sort(Buffer.compare)
    .map(String);
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const from = token === null ? 0 : bucket.sorted.indexOf(Buffer.from(token, 'base64url').toString()) + 1;
  const limit = Math.min(Number(query.get('max-keys') ?? pageSize), pageSize);
  const matching: string[] = [];
  for (let index = from; index < bucket.sorted.length && matching.length <= limit; index++) {
    const key = bucket.sorted[index] ?? '';
    if (key.startsWith(prefix)) matching.push(key);
  }
  const keys = matching.slice(0, limit);
  const encoded = query.get('encoding-type') === 'url' ? urlText : xmlText;
  const contents = keys.map((key) => {
    const { bytes, etag, modified } = bucket.objects.get(key) as StoredObject;
    return `<Contents><Key>${encoded(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const truncated = matching.length > limit;
  const next = truncated ? `<NextContinuationToken>${Buffer.from(keys.at(-1) ?? '').toString('base64url')}</NextContinuationToken>` : '';
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${name}</Name><Prefix>${encoded(prefix)}</Prefix><KeyCount>${keys.length}</KeyCount><MaxKeys>${limit}</MaxKeys>${encoded === urlText ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${truncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, bytes: Buffer.from(xml) };
}

function objectAnswer({ bytes, etag, modified }: StoredObject, range: string | undefined): Answer {
  const headers = { etag: `"${etag}"`, 'last-modified': modified.toUTCString(), 'content-type': 'binary/octet-stream' };
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === '') return { status: 200, headers, bytes };
  const end = to === '' ? bytes.length : Math.min(Number(to) + 1, bytes.length);
  const part = bytes.subarray(Number(from), end);
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${from}-${end - 1}/${bytes.length}` }, bytes: part };
}

/** The body; of one that comes in signed chunks, what is in them. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
async function content(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const all = Buffer.concat(chunks);
  if (!String(incoming.headers['content-encoding'] ?? '').includes('aws-chunked')) return all;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = all.indexOf('\r\n', at);
    const size = Number.parseInt(all.toString('latin1', at, line), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(all.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

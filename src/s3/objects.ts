// What dwh asks of S3: one bucket at a time, list, get, head and put.
export interface S3Object {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without its quotes. Objects with equal ETags have equal content. */
  readonly etag: string;
}

export interface Bucket {
  /** Objects whose keys begin with `prefix`, page by page in binary order; with `limit` that many at most. */
  list(prefix: string, signal: AbortSignal, limit?: number): AsyncGenerator<readonly S3Object[], void>;
  /**
   * undefined: there is no such object, or none with this ETag. `first`: no more than so many bytes; the object has one at
   * least. `bytes` must be read to its end or returned.
   */
  get(
    key: string,
    signal: AbortSignal,
    wanted?: { readonly etag?: string | undefined; readonly first?: number },
  ): Promise<(S3Object & { readonly bytes: AsyncIterable<Uint8Array> }) | undefined>;
  /** undefined: there is no such object. */
  head(key: string, signal: AbortSignal): Promise<S3Object | undefined>;
  /** Returns the ETag. */
  put(key: string, content: string | Uint8Array, signal: AbortSignal): Promise<string>;
  /** Also one that is not there. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** Right once anything of the bucket was asked. */
  region(): string;
  close(): void;
}

/** Requests at a time that one bucket should be asked for. */
export const CONCURRENCY = 32;

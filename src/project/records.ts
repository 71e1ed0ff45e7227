// What one parse leaves for the next: types only. cache-file.ts writes and reads them, snapshot.ts fills them.

/** [size, mtimeMs, ctimeMs, ino, hash]; mtimeMs is -1 when the times cannot be trusted. */
export type FileRecord = readonly [number, number, number, number, string];

/** Read from the target folder. */
export interface Remembered {
  /** By absolute path. */
  readonly files: ReadonlyMap<string, FileRecord>;
  /** Of everything that was read from files; '' when nothing but `files` is there. */
  readonly key: string;
  /** Of all that is kept, but for `files`; '' when nothing is. */
  readonly id: string;
  /** Read when asked for; undefined: not there, or damaged. */
  readonly section: (name: string) => Uint8Array | undefined;
}

/** To be written. */
export interface Kept {
  readonly key: string;
  readonly sections: Readonly<Record<string, Uint8Array>>;
}

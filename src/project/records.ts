// What one parse leaves for the next: types only. cache-file.ts writes and reads them, parse-cache.ts fills them.

/** [size, mtimeMs, ctimeMs, ino, hash]; mtimeMs is -1 when the times cannot be trusted. */
export type FileRecord = readonly [number, number, number, number, string];

/** Read from the target folder. The sections are read when they are asked for; undefined: damaged. */
export interface Remembered {
  readonly files: ReadonlyMap<string, FileRecord>;
  /** Of everything that was read. */
  readonly key: string;
  readonly section: (name: string) => string | undefined;
}

/** To be written: texts by section name. */
export interface Kept {
  readonly key: string;
  readonly sections: Readonly<Record<string, string>>;
}

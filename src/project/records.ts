// What one parse leaves for the next: types only. cache-file.ts writes and reads them, snapshot.ts fills them.

/** [size, mtimeMs, ctimeMs, ino, hash]; mtimeMs is -1 when the times cannot be trusted. */
export type FileRecord = readonly [number, number, number, number, string];

/** Read from the target folder. */
export interface Remembered {
  /** By absolute path. */
  readonly files: ReadonlyMap<string, FileRecord>;
  /** A parse that was kept as a whole. */
  readonly whole: Sections | undefined;
  /** What a later one has otherwise. */
  readonly edits: Sections | undefined;
}

export interface Sections {
  /** Of everything that was read from files. */
  readonly key: string;
  /** Equal ids, equal contents. */
  readonly id: string;
  /** Read when asked for; undefined: not there, or damaged. */
  readonly section: (name: string) => Uint8Array | undefined;
}

/** To be written. */
export interface Kept {
  readonly key: string;
  /** The id of the whole that these are edits of; undefined: they are a whole. */
  readonly on: string | undefined;
  readonly sections: Readonly<Record<string, Uint8Array>>;
  /** All that is kept now, for the search for secrets. */
  readonly all: Iterable<Uint8Array>;
}

// Compression encodings of columns. https://docs.aws.amazon.com/redshift/latest/dg/c_Compression_encodings.html
import type { TypeFamily } from './types.ts';

/** The families of types that a column may have with the encoding; undefined: any. */
export const encodings: Readonly<Record<string, readonly TypeFamily[] | undefined>> = {
  raw: undefined,
  none: undefined,
  auto: undefined,
  az64: ['integer', 'decimal', 'date', 'time', 'timestamp'],
  bytedict: ['integer', 'decimal', 'float', 'text', 'date', 'timestamp'],
  delta: ['integer', 'decimal', 'date', 'timestamp'],
  delta32k: ['integer', 'decimal', 'date', 'timestamp'],
  lzo: undefined,
  mostly8: ['integer', 'decimal'],
  mostly16: ['integer', 'decimal'],
  mostly32: ['integer', 'decimal'],
  runlength: undefined,
  text255: ['text'],
  text32k: ['text'],
  zstd: undefined,
};

// A warehouse that loads objects of S3 by itself.
import type { Location } from '../core/location.ts';
import type { CopySpec } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Relation } from '../core/relation.ts';
import type { Column, Statement } from '../core/statement.ts';

/** Objects of S3, as one COPY names them. */
export interface CopySource {
  /** 's3://bucket/key' of a manifest, or the beginning of the objects' own places. */
  readonly url: string;
  readonly isManifest: boolean;
  /** How each object of it is packed: 'gzip'. */
  readonly packed: string | undefined;
  /** Of their bucket, where it is known. */
  readonly region: string | undefined;
}

/** What a COPY was refused for, as far as its message tells. */
export type CopyRefusal = { readonly of: 'records' } | { readonly of: 'object' | 'place'; readonly hint: string };

/** A warehouse that loads objects of S3 by itself: what it is told, and what it is asked afterwards. */
export interface ObjectCopies {
  /** What cannot stand under `load:`. */
  problems(spec: CopySpec): readonly Problem[];
  /** By the ending of a key; undefined: as it is. */
  packing(key: string): string | undefined;
  /** It may pass over records, and go on. */
  mayRefuse(spec: CopySpec): boolean;
  copyInto(relation: Relation, columns: readonly Column[], spec: CopySpec, source: CopySource, work: WorkPlace): Statement;
  /** One row: the id of the session's last copy, and the rows that it loaded. */
  readonly last: Statement;
  /** [file, lines read] of what these copies read. */
  filesOf(copies: readonly string[]): Statement;
  /** [copy, errors] of those that the server's records of loads already name. */
  errorCounts(copies: readonly string[]): Statement;
  /** [file, line, column or '', reason] of each record that was refused. */
  errorsOf(copies: readonly string[]): Statement;
  /** Names of files are cut behind so many bytes there. */
  readonly fileNameBytes: number;
  /** undefined: the message says all there is. */
  refusal(message: string): CopyRefusal | undefined;
}

/** Where what the warehouse is to read can be put, and as whom it reads. */
export interface WorkPlace {
  /** 's3://bucket/prefix/'; undefined: there is none. */
  readonly uri: string | undefined;
  /** 'default', or an ARN; where a load names none. */
  readonly iamRole: string;
  /** Where the profile says so. */
  readonly at: Location;
}

// The ways in which files come into a source's table: through dwh's own reader, or by the warehouse's own COPY. What they have
// in common is in load.ts.
import type { FileCount, ListedFile } from '../../core/copy.ts';
import type { CopySpec } from '../../core/node.ts';
import type { Problem } from '../../core/problem.ts';
import type { Place } from '../../loading/index.ts';
import type { LoadTask, Planned } from '../../materializations/index.ts';
import type { RememberedFile } from '../ledger.ts';
import type { Session } from '../session.ts';
import type { RejectTally } from './load-report.ts';
import type { Keeper } from './runner.ts';

/** What a load would do, by what is there now. */
export interface Look extends LoadTask {
  /** What the ledger says, whether or not the table is still there. */
  readonly ledger: readonly RememberedFile[];
  /** The load begins by forgetting: the table is emptied, or what was loaded into it is gone with it. */
  readonly forgets: boolean;
  readonly listed: readonly ListedFile[];
  readonly spec: CopySpec;
  readonly place: Place;
}

/** A load that is about to be written. */
export interface Ready {
  readonly planned: Planned;
  /** With their contents' tags. */
  readonly files: readonly (ListedFile & { readonly content: string })[];
  /** How a file will be read, for --dry-run: ', clean'. */
  how(file: ListedFile): string;
  /** In the transaction of the load; told once. */
  keeper(session: Session, tally: RejectTally): LoadKeeper;
}

export interface LoadKeeper extends Keeper {
  /** By key; of what is read so far. */
  readonly counts: ReadonlyMap<string, FileCount>;
  /** Behind all rows. Returns how many there are. */
  end(session: Session): Promise<number>;
}

/** Throws DwhError for what cannot be loaded so, before anything is listed. */
export interface Way {
  readonly warnings: readonly Problem[];
  ready(look: Look, session: Session): Promise<Ready>;
  /** What is left to be done behind the commit: of this load, or of an earlier one that was cut off there. */
  settle?(session: Session, tally: RejectTally): Promise<void>;
  /** What the warehouse refused, in words of the project; called when the transaction is rolled back. */
  explained?(error: unknown, look: Look, session: Session): Promise<unknown>;
}

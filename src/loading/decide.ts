// Which of the listed files a load takes: pure. The ledger says what was loaded; a file is known by its key, and unchanged
// when its mark or its content is.
import type { ListedFile, LoadedFile } from '../core/copy.ts';
import type { Location } from '../core/location.ts';
import type { CopySpec } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';

export interface Decision {
  /** To be loaded now, in the order of the listing. */
  readonly load: readonly ListedFile[];
  /** Already loaded, or left alone by `on_change: ignore`. */
  readonly skip: readonly ListedFile[];
  /** Loaded before under this key, with other content. */
  readonly changed: readonly ListedFile[];
  /** Unchanged, under a new mark: the ledger may take the mark, which spares the next load the hashing. */
  readonly touched: readonly ListedFile[];
  /** In the ledger, and no longer listed. Their rows stay, but for `mode: replace`. */
  readonly gone: readonly LoadedFile[];
  /** The table and its ledger rows are emptied first, in the transaction of the load. */
  readonly empties: boolean;
  /** Nothing may be loaded: files changed and `on_change` is error. */
  readonly problem?: Problem;
}

const byKey = (ledger: readonly LoadedFile[]): ReadonlyMap<string, LoadedFile> => new Map(ledger.map((file) => [file.key, file]));

/** Files whose size is as it was and whose mark is not: only their content tells whether they changed. `decide` wants it. An ETag
 * is a mark that tells. */
export function needsContent(listed: readonly ListedFile[], ledger: readonly LoadedFile[]): readonly ListedFile[] {
  const known = byKey(ledger);
  return listed.filter((file) => {
    const before = known.get(file.key);
    return before !== undefined && before.mark !== file.mark && before.size === file.size && file.content === undefined;
  });
}

/**
 * `contents`: content tags (sha256 or ETag) by key, for the files of `needsContent`.
 * `mode: append` adds new files. `mode: replace` keeps the table equal to what is listed: any new, changed or vanished file
 * makes it load all of them again. `reloadAll` (--full-refresh) does so in any case.
 */
export function decide(
  listed: readonly ListedFile[],
  ledger: readonly LoadedFile[],
  contents: ReadonlyMap<string, string>,
  spec: Pick<CopySpec, 'mode' | 'on_change' | 'at'>,
  reloadAll = false,
): Decision {
  const known = byKey(ledger);
  const fresh: ListedFile[] = [];
  const same: ListedFile[] = [];
  const changed: ListedFile[] = [];
  const touched: ListedFile[] = [];
  for (const file of listed) {
    const before = known.get(file.key);
    if (before === undefined) fresh.push(file);
    else if (before.mark === file.mark) same.push(file);
    else if (before.size === file.size && contents.get(file.key) === before.content) {
      same.push(file);
      touched.push(file);
    } else changed.push(file);
  }
  const keys = new Set(listed.map((file) => file.key));
  const gone = ledger.filter((file) => !keys.has(file.key));
  const found = { changed, touched, gone };

  const replaces = spec.mode === 'replace' && fresh.length + changed.length + gone.length > 0;
  const reloads = changed.length > 0 && spec.on_change === 'reload';
  if (reloadAll || replaces || reloads) return { ...found, load: listed, skip: [], empties: true };
  if (changed.length > 0 && spec.on_change === 'error') {
    return { ...found, load: [], skip: same, empties: false, problem: changedFiles(changed, spec.at) };
  }
  const old = new Set([...same, ...changed]);
  return { ...found, load: fresh, skip: listed.filter((file) => old.has(file)), empties: false };
}

function changedFiles(files: readonly ListedFile[], at: Location): Problem {
  const shown = files.slice(0, 20).map((file) => file.key);
  const more = files.length - shown.length;
  const [first = ''] = shown;
  return {
    code: 'load-changed',
    message: files.length === 1 ? `${first} has changed since it was loaded` : `${files.length} files have changed since they were loaded`,
    at,
    hint: 'Set on_change: reload to load every file again, or on_change: ignore to keep the rows that are there.',
    detail: more > 0 ? [...shown, `and ${more} more`] : shown,
  };
}

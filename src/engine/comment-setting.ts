// query-comment of the project file, read: what statements carry. https://docs.getdbt.com/reference/project-configs/query-comment
import { isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { fail } from '../core/problem.ts';

/** What the project file says; `template` undefined: the default one. */
export interface CommentSetting {
  readonly template: string | undefined;
  readonly append: boolean;
  /** Of its text in the project file. */
  readonly at: Location;
}

/** undefined: there are no comments. `written`: undefined where the project file has no such key. */
export function commentSetting(written: unknown, locate: (path: readonly string[]) => Location): CommentSetting | undefined {
  const at = locate(['query-comment']);
  if (written === undefined) return { template: undefined, append: false, at };
  if (written === null || written === '') return undefined;
  if (typeof written === 'string') return { template: written, append: false, at };
  const { comment, append } = isMapping(written) ? written : { comment: written };
  if (comment !== undefined && typeof comment !== 'string') {
    return fail({
      code: 'query-comment',
      at,
      message: "'query-comment' should be a text, or a mapping of comment and append",
      hint: "For example: query-comment: {comment: 'run by {{ target.user }}', append: true}",
    });
  }
  if (comment === '') return undefined;
  return { template: comment, append: append === true, at: comment === undefined ? at : locate(['query-comment', 'comment']) };
}

// Loads by COPY: what Redshift is asked before and after, and what its refusals mean.
// https://docs.aws.amazon.com/redshift/latest/dg/t_Loading_tables_with_the_COPY_command.html
import { statement } from '../../core/statement.ts';
import type { CopyRefusal, ObjectCopies } from '../copies.ts';
import { copyInto, packing } from './copy-into.ts';
import { copyParameters, truthOf } from './copy-parameters.ts';

const those = (copies: readonly string[]): string => `where query_id in (${copies.map(Number).join(', ')})`;

/** By what S3 and the role say through COPY. https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-access-permissions.html */
const REFUSALS: readonly (readonly [RegExp, CopyRefusal])[] = [
  [/Load into table .* failed/i, { of: 'records' }],
  [
    /not authorized to assume IAM Role|does not have ASSUMEROLE/i,
    { of: 'place', hint: 'Attach the role to the cluster or workgroup, and let redshift.amazonaws.com assume it (its trust policy).' },
  ],
  [
    /default IAM role|no default/i,
    { of: 'place', hint: 'Give the cluster a default role, or name one: iam_role under load:, or in the profile.' },
  ],
  [
    /Status 301|PermanentRedirect|specified endpoint|AuthorizationHeaderMalformed/i,
    { of: 'place', hint: 'Write the region of the bucket under load:, for example region: us-west-2.' },
  ],
  [
    /Access ?Denied|Status 403/i,
    { of: 'place', hint: 'The role that COPY reads with needs s3:GetObject and s3:ListBucket there, and on work_uri.' },
  ],
  [/NoSuchKey|specified key does not exist/i, { of: 'object', hint: 'An object was removed meanwhile: run again.' }],
];

export const copies: ObjectCopies = {
  problems: (spec) => copyParameters(spec).problems,
  packing,
  mayRefuse: ({ on_error, options }) => on_error === 'reject' || truthOf(options.ignoreallerrors) === true,
  copyInto,
  // https://docs.aws.amazon.com/redshift/latest/dg/PG_LAST_COPY_ID.html, .../PG_LAST_COPY_COUNT.html
  last: statement('select pg_last_copy_id(), pg_last_copy_count()'),
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_DETAIL.html
  filesOf: (ids) => statement(`select file_name, sum(lines_scanned) from sys_load_detail ${those(ids)} group by file_name`),
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_HISTORY.html
  errorCounts: (ids) => statement(`select query_id, error_count from sys_load_history ${those(ids)}`),
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
  errorsOf: (ids) =>
    statement(
      `select file_name, line_number, column_name, error_message from sys_load_error_detail ${those(ids)} order by file_name, line_number`,
    ),
  fileNameBytes: 256,
  refusal: (message) => REFUSALS.find(([pattern]) => pattern.test(message))?.[1],
};

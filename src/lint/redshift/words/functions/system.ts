// Functions that tell of the system, of sessions and of privileges, and those of the leader node.
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions_leader_node_only.html
import { page } from '../../rules/rule.ts';
import { type Signature, signatures } from './signature.ts';

export const systemFunctions: readonly Signature[] = [
  ...signatures(
    'scalar',
    page('r_System_information_functions'),
    `
    current_aws_account() text
    current_database() text
    current_namespace() text
    current_session_arn() text
    current_user() text
    current_user_id() integer
    db_collation() text
    default_iam_role() text
    explain_model(text) super
    has_assumerole_privilege(any, any, any?) boolean
    last_user_query_id() integer
    pg_backend_pid() integer
    pg_get_session_roles() any
    pg_last_copy_count() integer
    pg_last_copy_id() integer
    pg_last_query_id() integer
    pg_last_unload_count() integer
    pg_last_unload_id() integer
    role_is_member_of(any, any) boolean
    session_user() text
    slice_num() integer
    user() text
    user_is_member_of(any, any) boolean
    version() text
    `,
  ),
  ...signatures(
    'scalar',
    page('r_System_administration_functions'),
    `
    change_query_priority(integer, text) text
    change_session_priority(integer, text) text
    change_user_priority(text, text) text
    current_setting(text, boolean?) text
    pg_cancel_backend(integer) boolean
    pg_terminate_backend(integer) boolean
    reboot_cluster() any
    set_config(text, text, boolean) text
    `,
  ),
  ...signatures(
    'leader',
    page('c_SQL_functions_leader_node_only'),
    `
    age(time, time?) interval
    current_schema() text
    current_schemas(boolean) any
    current_time() time
    current_timestamp() time
    get_byte(any, integer) integer
    has_database_privilege(any, any, any?) boolean
    has_schema_privilege(any, any, any?) boolean
    has_table_privilege(any, any, any?) boolean
    isfinite(any) boolean
    localtime() time
    localtimestamp() time
    now() time
    set_bit(any, integer, integer) any
    set_byte(any, integer, integer) any
    to_ascii(text, any?) text
    `,
  ),
  ...signatures(
    'catalog',
    page('c_sql-functions-leader-node'),
    `
    array_lower(any, integer) integer
    array_to_string(any, text) text
    array_upper(any, integer) integer
    col_description(any, integer) text
    format_type(any, any) text
    obj_description(any, text?) text
    pg_encoding_to_char(integer) text
    pg_get_constraintdef(any, boolean?) text
    pg_get_expr(any, any, boolean?) text
    pg_get_indexdef(any, integer?, boolean?) text
    pg_get_userbyid(any) text
    pg_get_viewdef(any, boolean?) text
    pg_table_is_visible(any) boolean
    `,
  ),
  ...signatures(
    'records',
    page('PG_GET_LATE_BINDING_VIEW_COLS'),
    `
    generate_series(any, any, any?) integer
    pg_get_cols(text) any
    pg_get_external_columns(any) any
    pg_get_external_tables(any) any
    pg_get_grantee_by_iam_role(text) any
    pg_get_iam_role_by_user(text) any
    pg_get_late_binding_view_cols() any
    `,
  ),
];

// Parameters of SET, RESET and SHOW. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
import type { Emit } from '../finding.ts';
import type { Command, SetParameter } from '../tree/statement.ts';
import { settings } from '../words/settings.ts';

/** A name with a dot is a session context variable: anyone's. */
export function checkSet(statement: SetParameter, emit: Emit): void {
  const { name, values } = statement;
  if (!name.includes('.') && !settings.has(name)) emit('unknown-parameter', statement, { name });
  const [value] = values;
  if (switches.has(name) && value !== undefined && !words.has(value.toLowerCase()))
    emit('parameter-value', statement, { name, value, takes: 'true or false' });
  if (name === 'statement_timeout' && value !== undefined && !Number.isInteger(Number(value)))
    emit('parameter-value', statement, { name, value, takes: 'milliseconds' });
}

const words: ReadonlySet<string> = new Set(['true', 'false', 'on', 'off', 'yes', 'no', '1', '0', 't', 'f']);
const switches: ReadonlySet<string> = new Set(
  'enable_case_sensitive_identifier enable_case_sensitive_super_attribute enable_result_cache_for_session enable_numeric_rounding json_serialization_enable json_serialization_parse_nested_strings enable_vacuum_boost mv_enable_aqmv_for_session describe_field_name_in_uppercase downcase_delimited_identifier'.split(
    ' ',
  ),
);

/** RESET knows the parameters of SET; SHOW some more, which cannot be set. */
export function checkReset(statement: Command, emit: Emit): void {
  for (const { label, node } of statement.slots) {
    if (label !== 'parameter' || node.kind !== 'qualified-name' || node.parts.length > 1) continue;
    const name = node.parts[0].value.toLowerCase();
    const known = settings.has(name) || (statement.command === 'show' && shown.has(name));
    if (!known) emit('unknown-parameter', node, { name });
  }
}

const shown: ReadonlySet<string> = new Set(
  'server_version server_encoding wlm_json_configuration require_ssl max_concurrency_scaling_clusters auto_mv max_query_execution_time enable_user_activity_logging is_superuser session_authorization standard_conforming_strings integer_datetimes'.split(
    ' ',
  ),
);

// SET: what Postgres has under the same name, and what only Redshift has, which is kept and can be shown.
// https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html
import type { NodeOf } from '../../src/lint/redshift/index.ts';
import type { Planner, Step } from './plan.ts';
import { quoted, text } from './translate/names.ts';
import { Untranslated } from './translate/pieces.ts';

const ALIKE = new Set([
  'search_path',
  'datestyle',
  'timezone',
  'statement_timeout',
  'application_name',
  'client_encoding',
  'client_min_messages',
  'intervalstyle',
  'extra_float_digits',
]);
/** Nothing in the stand-in depends on them. */
const KEPT = new Set(['query_group', 'enable_result_cache_for_session', 'wlm_query_slot_count', 'enable_vacuum_boost']);

export function settingSteps({ name, values, scope, start }: NodeOf<'set'>, plan: Planner): readonly Step[] {
  const kept = KEPT.has(name) || name.startsWith('app_context.');
  if (name === 'enable_case_sensitive_identifier' && /^(false|off|0)$/i.test(values[0] ?? ''))
    return [plan.answer('set stand_in.nothing = 1', start, 'SET')];
  if (!ALIKE.has(name) && !kept) throw new Untranslated(`SET ${name}`, start);
  const called = kept ? `"redshift"."${name.replaceAll('.', '_')}"` : name;
  const value = values.length === 0 ? 'default' : values.map((one) => (name === 'search_path' ? quoted(one) : text(one))).join(', ');
  return [plan.answer(`set ${scope === 'local' ? 'local ' : ''}${called} to ${value}`, start, 'SET')];
}

/** Text that says a parameter's value. */
export function shownSql(name: string, start: number): string {
  if (ALIKE.has(name)) return `current_setting('${name}')`;
  if (KEPT.has(name)) return `coalesce(current_setting('redshift.${name}', true), '')`;
  if (name === 'transaction_isolation') return "'snapshot isolation'";
  if (name === 'server_version') return "'8.0.2'";
  if (name === 'enable_case_sensitive_identifier') return "'off'";
  throw new Untranslated(`SHOW ${name}`, start);
}

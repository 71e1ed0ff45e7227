// Redshift's functions: those that Postgres has alike, those of the stand-in's own schema, those that are written otherwise.
// What is in none of the lists is refused.
import type { Call, Expression } from '../../../src/lint/redshift/index.ts';
import { text } from './names.ts';
import { type Piece, Untranslated } from './pieces.ts';
import { relationSql } from './relations.ts';

/** The same in Postgres. */
const ALIKE = new Set(
  (
    'abs acos asin atan atan2 ascii btrim bool_and bool_or bit_and bit_or cbrt ceil ceiling char_length character_length chr cos cot count ' +
    'cume_dist degrees dense_rank exp first_value floor initcap lag last_value lead left length ln log lower lpad ltrim max md5 min mod nth_value ' +
    'ntile octet_length percent_rank percentile_cont percentile_disc pi power pow radians random rank repeat replace reverse right row_number ' +
    'rpad rtrim sign sin split_part sqrt stddev stddev_pop stddev_samp strpos substring substr sum tan to_char to_date to_timestamp to_number translate ' +
    'upper var_pop var_samp variance quote_ident quote_literal current_schemas has_database_privilege has_schema_privilege ' +
    'has_table_privilege obj_description col_description pg_table_is_visible pg_backend_pid pg_cancel_backend pg_terminate_backend ' +
    'generate_series isfinite age timezone pg_get_constraintdef pg_get_expr pg_encoding_to_char'
  ).split(' '),
);
/** In the schema of the stand-in, under the same name. */
const OWN = new Set(
  (
    'add_months avg any_value charindex convert_timezone date_cmp getdate json_parse json_serialize json_array_length is_valid_json ' +
    'is_valid_json_array json_extract_path_text json_extract_array_element_text json_typeof get_array_length is_array is_object last_day len ' +
    'months_between next_day regexp_count regexp_instr regexp_replace regexp_substr round sha2 strtol trunc textlen to_hex array_concat ' +
    'format_type pg_get_userbyid version datediff dateadd date_part date_trunc'
  ).split(' '),
);
/** Postgres' grammar knows them: their names cannot be quoted. */
const WORDS = new Set(['coalesce', 'nullif', 'greatest', 'least']);
const PART_FIRST = new Set(['dateadd', 'datediff', 'date_part', 'date_trunc']);

const isPart = (node: Expression | undefined): string | undefined => {
  if (node?.kind === 'literal' && node.type === 'string') return node.value.toLowerCase();
  return node?.kind === 'column' && node.parts.length === 1 ? node.parts[0].value.toLowerCase() : undefined;
};
const commas = (pieces: readonly Piece[]): Piece[] => pieces.flatMap((piece, index) => (index === 0 ? [piece] : [', ', piece]));

export interface SessionFacts {
  readonly user: string;
  readonly database: string;
  /** -1 before the first COPY of the session. */
  readonly lastCopy: { readonly id: number; readonly rows: number };
}

/** The name that the call has in a select list without an alias. */
export const columnNameOf = ({ name }: Call): string => name.parts.at(-1)?.value ?? '';

export function callPieces(call: Call, facts: SessionFacts): Piece[] {
  const schema = call.name.parts.length > 1 ? call.name.parts[0].value : undefined;
  const name = (call.name.parts.at(-1) ?? call.name.parts[0]).value.toLowerCase();
  if (schema !== undefined && schema !== 'pg_catalog') return ownFunction(call, facts);
  if (call.nulls === 'ignore') throw new Untranslated('IGNORE NULLS', call.start);
  const over: Piece[] = call.over ? [' over ', call.over] : [];
  return [...plainCall(call, name, facts), ...over];
}

/** A function that a user has made: Postgres has it under the same name. */
function ownFunction({ name, args, over, start }: Call, { database }: SessionFacts): Piece[] {
  if (over || name.parts.some(({ value }) => value === 'stand_in')) throw new Untranslated('this function', start);
  return [`${relationSql(name, database)}(`, ...commas(args), ')'];
}

function plainCall(call: Call, name: string, facts: SessionFacts): Piece[] {
  const { args, form, quantifier, withinGroup } = call;
  const [first, second, third] = args;
  const given: Piece[] = [...(quantifier ? [`${quantifier} `] : []), ...commas(args)];
  const order: Piece[] = withinGroup ? [' within group (order by ', ...commas(withinGroup), ')'] : [];
  switch (name) {
    case 'current_user':
    case 'user':
    case 'session_user':
      return [`cast(${text(facts.user)} as name)`];
    case 'current_database':
      return [`cast(${text(facts.database)} as name)`];
    case 'sysdate':
      return ["cast(transaction_timestamp() at time zone current_setting('timezone') as timestamp)"];
    case 'current_date':
    case 'current_timestamp':
    case 'localtimestamp':
      if (form === 'bare' && args.length === 0) return [name];
      break;
    case 'now':
      return ['now()'];
    case 'current_schema':
      return ['cast(current_schema as name)'];
    case 'extract': {
      const part = isPart(first);
      if (part === undefined || !second) break;
      return [`cast(trunc("stand_in"."date_part"(${text(part)}, `, second, `)) as ${part.startsWith('epoch') ? 'bigint' : 'integer'})`];
    }
    case 'trim':
      return [{ from: call.name.start, to: firstStart(args, call.end) }, ...spaced(call)];
    case 'position':
      return ['position(', ...(first ? [first] : []), ' in ', ...(second ? [second] : []), ')'];
    case 'substring':
      if (form === 'words') return [{ from: call.name.start, to: firstStart(args, call.end) }, ...spaced(call)];
      break;
    case 'nvl':
    case 'isnull':
      return ['coalesce(', ...given, ')'];
    case 'nvl2':
      if (first && second && third) return ['case when (', first, ') is not null then ', second, ' else ', third, ' end'];
      break;
    case 'decode':
      return decode(args);
    case 'concat':
      if (first && second) return ['((', first, ') || (', second, '))'];
      break;
    case 'listagg':
      return [
        'string_agg(',
        ...(quantifier ? [`${quantifier} `] : []),
        'cast(',
        ...(first ? [first] : []),
        ' as text), ',
        second ?? "''",
        ...(withinGroup ? [' order by ', ...commas(withinGroup)] : []),
        ')',
      ];
    case 'median':
      return ['percentile_cont(0.5) within group (order by ', ...given, ')'];
    case 'array':
      return ['jsonb_build_array(', ...given, ')'];
    case 'object':
      return ['jsonb_build_object(', ...given, ')'];
    case 'pg_last_copy_id':
      return [`cast(${facts.lastCopy.id} as bigint)`];
    case 'pg_last_copy_count':
      return [`cast(${facts.lastCopy.rows} as bigint)`];
  }
  if (WORDS.has(name)) return [`${name}(`, ...given, ')'];
  if (PART_FIRST.has(name)) {
    const part = isPart(first);
    if (part !== undefined) return [`"stand_in"."${name}"(${text(part)}, `, ...commas(args.slice(1).map(moment)), ')'];
  } else if (form === 'plain') {
    if (OWN.has(name)) return [`"stand_in"."${name}"(`, ...given, ')', ...order];
    if (ALIKE.has(name)) return [`"pg_catalog"."${name}"(`, ...given, ')', ...order];
  }
  throw new Untranslated(`the function ${name}`, call.start);
}

/** A text is a timestamp here; Postgres would take it for one with a time zone. */
const moment = (node: Expression): Piece => (node.kind === 'literal' && node.type === 'string' ? ['cast(', node, ' as timestamp)'] : node);

const firstStart = (args: readonly Expression[], end: number): number => args[0]?.start ?? end;

/** The arguments with the words between them. */
function spaced({ args, end }: Call): Piece[] {
  return args.flatMap((node, index): Piece[] => [node, { from: node.end, to: args[index + 1]?.start ?? end }]);
}

/** NULL is equal to NULL here. https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html */
function decode([subject, ...rest]: readonly Expression[]): Piece[] {
  const pieces: Piece[] = ['case'];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const [search, result] = rest.slice(at, at + 2);
    if (subject && search && result) pieces.push(' when (', subject, ') is not distinct from (', search, ') then ', result);
  }
  const otherwise = rest.length % 2 === 1 ? rest.at(-1) : undefined;
  return [...pieces, ...(otherwise ? [' else ', otherwise] : []), ' end'];
}

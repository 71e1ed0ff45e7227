// Every call against the allow-list: the name, how many arguments, their types where these can be told.
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
import type { Emit } from '../finding.ts';
import { foldCase } from '../tokens.ts';
import type { Call, Expression } from '../tree/query.ts';
import { dateParts } from '../words/dateparts.ts';
import { rewrites } from '../words/functions/foreign.ts';
import { functions } from '../words/functions/index.ts';
import type { Signature } from '../words/functions/signature.ts';
import { fits, serverType, typeOf } from './types-of.ts';

/** Whether a function of the users' own is known by this name, lower-case and without its schema. */
export type KnowsFunction = (name: string) => boolean;

export const functionName = ({ name }: Call): string => foldCase(name.parts.at(-1)?.value ?? '');

/** The signatures of a call of Redshift's own functions; undefined: it calls one of the users', or none. */
export function signaturesOf(call: Call): readonly Signature[] | undefined {
  const { parts } = call.name;
  const own = parts.length === 1 || (parts.length === 2 && foldCase(parts[0].value) === 'pg_catalog');
  return own ? functions.get(functionName(call)) : undefined;
}

/** Users' functions stand in a schema, are known to who asks, or begin with f_, which Redshift leaves to them. */
const isUsers = (call: Call, knows: KnowsFunction): boolean => {
  const { parts } = call.name;
  if (parts.length > 1) return foldCase(parts[0].value) !== 'pg_catalog';
  const name = functionName(call);
  return name.startsWith('f_') || knows(name);
};

export function checkCall(call: Call, knows: KnowsFunction, emit: Emit): void {
  const name = functionName(call);
  const values = { name: name.toUpperCase(), call: asServerWrites(call) };
  const known = signaturesOf(call);
  if (!known) {
    if (!isUsers(call, knows)) emit('unknown-function', call.name, values, rewrites[name]);
    return;
  }
  const count = call.args.length;
  const fitting = known.filter(({ least, most }) => count >= least && count <= most);
  const [signature] = fitting;
  if (!signature) {
    emit('function-arguments', call, { ...values, takes: counts(known) });
    return;
  }
  if (signature.name === 'concat' && call.args.length !== 2) return;
  checkArguments(call, signature, values, emit);
}

function checkArguments(call: Call, { parameters }: Signature, values: Readonly<Record<string, string>>, emit: Emit): void {
  call.args.forEach((argument, i) => {
    const wanted = parameters[Math.min(i, parameters.length - 1)] ?? 'any';
    if (wanted === 'part') checkPart(argument, emit);
    else if (!fits(typeOf(argument), wanted) || (sums.has(values.name ?? '') && typeOf(argument) === 'text'))
      emit('argument-type', argument, { ...values, family: `a ${serverType(argument)}` });
  });
}

/** Elsewhere a text is cast to a number by itself. */
const sums: ReadonlySet<string> = new Set([
  'SUM',
  'AVG',
  'STDDEV',
  'STDDEV_POP',
  'STDDEV_SAMP',
  'VARIANCE',
  'VAR_POP',
  'VAR_SAMP',
  'MEDIAN',
]);

function checkPart(argument: Expression, emit: Emit): void {
  const word =
    argument.kind === 'column' && argument.parts.length === 1
      ? argument.parts[0].value
      : argument.kind === 'literal' && argument.type === 'string'
        ? argument.value
        : undefined;
  if (word !== undefined && !dateParts.has(foldCase(word))) emit('date-part', argument, { name: word });
}

function counts(signatures: readonly Signature[]): string {
  const least = Math.min(...signatures.map((one) => one.least));
  const most = Math.max(...signatures.map((one) => one.most));
  if (most === 0) return 'no arguments';
  if (most === Number.POSITIVE_INFINITY) return `${least} arguments or more`;
  if (least === most) return `${least} ${least === 1 ? 'argument' : 'arguments'}`;
  return `${least} to ${most} arguments`;
}

/** `concat("unknown", integer, integer)` */
const asServerWrites = (call: Call): string =>
  `${call.name.parts.map(({ value }) => value).join('.')}(${call.args.map((one) => (one.kind === 'star' ? '*' : serverType(one))).join(', ')})`;

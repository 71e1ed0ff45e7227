// A function's signature, written in one line: `lpad(text, integer, text?) text`. A parameter with ? may be left out, one
// with … may be given more than once.

/** What is accepted and returned, as far as it can be told without the tables. 'part': a part of a date, by its name. */
export type Family =
  | 'any'
  | 'number'
  | 'integer'
  | 'text'
  | 'boolean'
  | 'time'
  | 'interval'
  | 'super'
  | 'binary'
  | 'spatial'
  | 'sketch'
  | 'part';
const families: ReadonlySet<string> = new Set('any number integer text boolean time interval super binary spatial sketch part'.split(' '));

/**
 * 'leader': runs on the leader node only, so not with tables; 'catalog': the same, over the catalogs' own columns;
 * 'sorted': an aggregate that sorts, and runs on the compute nodes only.
 */
export type FunctionKind = 'scalar' | 'aggregate' | 'sorted' | 'window' | 'leader' | 'catalog' | 'records';

export interface Signature {
  readonly name: string;
  readonly kind: FunctionKind;
  readonly parameters: readonly Family[];
  readonly least: number;
  readonly most: number;
  /** 'same': the first argument's; 'any': not known. */
  readonly returns: Family | 'same';
  readonly url: string;
}

export function signatures(kind: FunctionKind, url: string, lines: string): Signature[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => signature(kind, url, line));
}

function signature(kind: FunctionKind, url: string, line: string): Signature {
  const open = line.indexOf('(');
  const close = line.indexOf(')');
  const listed = line
    .slice(open + 1, close)
    .split(', ')
    .filter((one) => one !== '');
  const returns = line.slice(close + 1).trim();
  const parameters = listed.map((one) => familyOf(one.endsWith('?') || one.endsWith('…') ? one.slice(0, -1) : one, line));
  const repeats = listed.at(-1)?.endsWith('…') ?? false;
  return {
    name: line.slice(0, open),
    kind,
    parameters,
    least: listed.filter((one) => !one.endsWith('?')).length,
    most: repeats ? Number.POSITIVE_INFINITY : listed.length,
    returns: returns === 'same' ? 'same' : familyOf(returns, line),
    url,
  };
}

function familyOf(word: string, line: string): Family {
  if (!families.has(word)) throw new Error(`'${word}' in '${line}' is no family of types`);
  return word as Family;
}

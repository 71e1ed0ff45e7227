// What can be told of an expression's value: its type, and that it is never NULL. From its text, and from the tables that are
// known. undefined: not known.
import type { KnownColumn, KnownRelation, KnownRelations } from '../linter.ts';
import { fold, type Scope } from '../redshift/checks/relations.ts';
import { foldCase } from '../redshift/tokens.ts';
import type { Column, QualifiedName } from '../redshift/tree/leaves.ts';
import type { Call, Expression } from '../redshift/tree/query.ts';
import type { Statement } from '../redshift/tree/statement.ts';
import { functions } from '../redshift/words/functions/index.ts';
import { canonicalType, familyOf, type TypeFamily } from '../redshift/words/types.ts';
import { outputsOf } from './outputs.ts';

export interface Typing {
  family(expression: Expression): TypeFamily | undefined;
  /** CHAR, whose values are filled up with blanks. */
  isChar(expression: Expression): boolean;
  neverNull(expression: Expression): boolean;
  relation(name: QualifiedName): KnownRelation | undefined;
}

const callName = ({ name }: Call): string => foldCase(name.parts.at(-1)?.value ?? '');
/** 'varchar(20)' → 'varchar' */
const bareType = (written: string): string => {
  const name = written
    .toLowerCase()
    .replace(/\s*\(.*$/s, '')
    .trim();
  return canonicalType(name) ?? name;
};
const NEVER_NULL: ReadonlySet<string> = new Set(
  'count row_number rank dense_rank ntile getdate sysdate current_date current_timestamp random'.split(' '),
);

/** Chains of operators may be long, and so may those of queries that read one another: what is farther down is not known. */
const MOST_DEEP = 200;

function bounded<T>(ask: (expression: Expression) => T, otherwise: T): (expression: Expression) => T {
  let depth = 0;
  return (expression) => {
    if (depth >= MOST_DEEP) return otherwise;
    depth++;
    try {
      return ask(expression);
    } finally {
      depth--;
    }
  };
}

export function typingOf(statement: Statement, scopes: readonly Scope[], known: KnownRelations): Typing {
  const outputs = outputsOf(statement);
  const scopeOf = new Map<Column, Scope>();
  for (const scope of scopes) for (const column of scope.columns) scopeOf.set(column, scope);
  const relation = (name: QualifiedName): KnownRelation | undefined => known(name.parts.map(fold));

  const columnOf = (column: Column): KnownColumn | undefined => {
    const name = fold(column.parts.at(-1) ?? column.parts[0]);
    const qualifier = column.parts.at(-2);
    for (let scope = scopeOf.get(column); scope; scope = scope.parent) {
      if (qualifier) {
        if (!scope.names.has(fold(qualifier))) continue;
        const named = scope.names.get(fold(qualifier));
        return named && relation(named)?.columns.get(name);
      }
      const found = scope.relations.flatMap((one) => relation(one)?.columns.get(name) ?? []);
      if (found.length > 0) return found.length === 1 ? found[0] : undefined;
    }
    return undefined;
  };
  /** What a column of a query within the statement is made of. */
  const madeOf = (column: Column): Expression | undefined => {
    const name = fold(column.parts.at(-1) ?? column.parts[0]);
    const qualifier = column.parts.at(-2);
    const scope = scopeOf.get(column);
    return scope && outputs(scope, qualifier && fold(qualifier), name);
  };
  const told = new Map<unknown, Map<Expression, unknown>>();
  /** Each is asked once: a query may be made of itself, or of another many times over. */
  const through = <T>(column: Column, ask: (made: Expression) => T, otherwise: T): T => {
    const made = madeOf(column);
    if (!made) return otherwise;
    const answers = (told.get(ask) ?? new Map()) as Map<Expression, T>;
    told.set(ask, answers);
    if (!answers.has(made)) {
      answers.set(made, otherwise);
      answers.set(made, ask(made));
    }
    return answers.get(made) as T;
  };
  const typeName = bounded((expression: Expression): string | undefined => {
    if (expression.kind === 'group') return typeName(expression.inner);
    if (expression.kind === 'cast' || expression.kind === 'typed-literal') return expression.type.name;
    if (expression.kind !== 'column') return undefined;
    const written = columnOf(expression)?.type;
    return written === undefined ? through(expression, typeName, undefined) : bareType(written);
  }, undefined);
  const family = bounded((expression: Expression): TypeFamily | undefined => {
    switch (expression.kind) {
      case 'literal':
        if (expression.type === 'number') return /[.e]/i.test(expression.value) ? 'decimal' : 'integer';
        return expression.type === 'boolean' ? 'boolean' : undefined;
      case 'group':
        return family(expression.inner);
      case 'unary':
        return expression.op === 'not' ? 'boolean' : family(expression.operand);
      case 'binary':
        return ofBinary(expression.op, family(expression.left), family(expression.right));
      case 'call':
        return ofCall(expression);
      case 'case': {
        const results = [...expression.whens.map(({ result }) => result), ...(expression.otherwise ? [expression.otherwise] : [])];
        return common(results.filter((one) => !(one.kind === 'literal' && one.type === 'null')).map(family));
      }
      default: {
        const name = typeName(expression);
        if (name !== undefined) return familyOf(name);
        return expression.kind === 'column' ? through(expression, family, undefined) : undefined;
      }
    }
  }, undefined);
  const ofCall = (call: Call): TypeFamily | undefined => {
    const [signature] = functions.get(callName(call)) ?? [];
    const [first] = call.args;
    switch (signature?.returns) {
      case 'integer':
        return 'integer';
      case 'text':
        return 'text';
      case 'boolean':
        return 'boolean';
      case 'same':
        return first && family(first);
      default:
        return undefined;
    }
  };
  const neverNull = bounded((expression: Expression): boolean => {
    switch (expression.kind) {
      case 'literal':
        return expression.type !== 'null';
      case 'typed-literal':
      case 'interval':
      case 'exists':
      case 'is':
        return true;
      case 'group':
        return neverNull(expression.inner);
      case 'cast':
        return expression.form !== 'try_cast' && neverNull(expression.operand);
      case 'binary':
        return neverNull(expression.left) && neverNull(expression.right);
      case 'call': {
        const name = callName(expression);
        if (name === 'coalesce' || name === 'nvl') return expression.args.some(neverNull);
        return NEVER_NULL.has(name);
      }
      case 'column':
        // In an outer join a column that is never NULL in its table may be NULL all the same.
        if (hasOuterJoin(scopeOf.get(expression))) return false;
        return columnOf(expression)?.notNull ?? through(expression, neverNull, false);
      default:
        return false;
    }
  }, false);
  return { family, neverNull, relation, isChar: (expression) => ['char', 'bpchar'].includes(typeName(expression) ?? '') };
}

const hasOuterJoin = (scope: Scope | undefined): boolean => {
  const stack = [...(scope?.select?.from ?? [])];
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.kind === 'table-group') stack.push(item.inner);
    if (item.kind !== 'join') continue;
    if (item.type === 'left' || item.type === 'right' || item.type === 'full') return true;
    stack.push(item.left, item.right);
  }
  return false;
};

const NUMERIC: readonly TypeFamily[] = ['integer', 'decimal', 'float'];

function ofBinary(op: string, left: TypeFamily | undefined, right: TypeFamily | undefined): TypeFamily | undefined {
  if (op === '||') return 'text';
  if (!'+-*/%'.includes(op)) return 'boolean';
  if (left === undefined || right === undefined || !NUMERIC.includes(left) || !NUMERIC.includes(right)) return undefined;
  return NUMERIC[Math.max(NUMERIC.indexOf(left), NUMERIC.indexOf(right))];
}

function common(families: readonly (TypeFamily | undefined)[]): TypeFamily | undefined {
  const [first] = families;
  return families.every((one) => one === first) ? first : undefined;
}

// SELECT's own of Redshift: TOP, QUALIFY, GROUP BY ALL.
import { all, type Expression, type Select, type SelectItem } from '../../../src/lint/redshift/index.ts';
import { functions } from '../../../src/lint/redshift/words/functions/index.ts';
import { quoted } from './names.ts';
import { type Piece, Untranslated } from './pieces.ts';

/** What the item is called in the result; undefined: several columns, or one without a name. */
function nameOf({ alias, expression }: SelectItem): string | undefined {
  if (alias) return alias.value;
  if (expression.kind === 'column') return expression.parts.at(-1)?.value;
  return expression.kind === 'call' ? expression.name.parts.at(-1)?.value : undefined;
}

const isAggregate = (expression: Expression): boolean =>
  all(expression, 'call').some(({ name, over }) => {
    const kind = functions.get(name.parts.at(-1)?.value.toLowerCase() ?? '')?.[0]?.kind;
    return !over && (kind === 'aggregate' || kind === 'sorted');
  });

/** Postgres calls a column by what it makes of the expression, so each one is named as Redshift names it. */
const itemPieces = (item: SelectItem): Piece => {
  if (item.alias) return [item.expression, ` as ${quoted(item.alias.value)}`];
  const { expression } = item;
  if (expression.kind === 'star') return expression;
  const name = nameOf(item) ?? (expression.kind === 'cast' ? castName(expression) : undefined);
  return name === undefined ? expression : [expression, ` as ${quoted(name)}`];
};

function castName(cast: Extract<Expression, { kind: 'cast' }>): string {
  const { operand, type } = cast;
  if (operand.kind === 'column') return operand.parts.at(-1)?.value ?? type.name;
  return operand.kind === 'call' ? (operand.name.parts.at(-1)?.value ?? type.name) : type.name;
}

const commas = (pieces: readonly Piece[]): Piece[] => pieces.flatMap((piece, index) => (index === 0 ? [piece] : [', ', piece]));

export function selectPieces(select: Select): Piece {
  const { exclude, into, startWith, connectBy, qualify } = select;
  for (const [node, what] of [
    [exclude, 'EXCLUDE'],
    [into, 'SELECT INTO'],
    [startWith, 'START WITH'],
    [connectBy, 'CONNECT BY'],
  ] as const) {
    if (node) throw new Untranslated(what, node.start);
  }
  if (!qualify) return plain(select, []);
  const names = select.items.map(nameOf);
  if (names.some((name) => name === undefined)) throw new Untranslated('QUALIFY beside columns without a name', qualify.start);
  const kept = names.map((name) => quoted(name ?? '')).join(', ');
  return [`select ${kept} from (`, plain(select, [[qualify, ' as "stand_in qualifies"']]), ') as "stand_in" where "stand_in qualifies"'];
}

function plain(select: Select, more: readonly Piece[]): Piece {
  const { quantifier, items, from, where, groupBy, having } = select;
  return [
    `select ${quantifier === undefined ? '' : `${quantifier} `}`,
    ...commas([...items.map(itemPieces), ...more]),
    ...(from.length > 0 ? [' from ', ...commas(from)] : []),
    ...(where ? [' where ', where] : []),
    ...(groupBy ? [groupBy.all ? groupByAll(items) : [' ', groupBy]] : []),
    ...(having ? [' having ', having] : []),
  ];
}

function groupByAll(items: readonly SelectItem[]): string {
  const places = items.flatMap(({ expression }, index) => (isAggregate(expression) ? [] : [index + 1]));
  return places.length === 0 ? '' : ` group by ${places.join(', ')}`;
}

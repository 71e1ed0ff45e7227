// Operators between two values, by how closely they bind. https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html

export const level = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  range: 6,
  other: 7,
  sum: 8,
  product: 9,
  power: 10,
  zone: 11,
  sign: 12,
} as const;

export const operators: ReadonlyMap<string, number> = new Map([
  ...['=', '<', '>', '<=', '>=', '<>', '!='].map((op) => [op, level.comparison] as const),
  ...['||', '~', '~*', '!~', '!~*', '&', '|', '#', '<<', '>>'].map((op) => [op, level.other] as const),
  ...['+', '-'].map((op) => [op, level.sum] as const),
  ...['*', '/', '%'].map((op) => [op, level.product] as const),
  ['^', level.power],
]);

/** All that a node of two operands may have as its operator. */
export const operatorWords: ReadonlySet<string> = new Set([...operators.keys(), 'and', 'or', 'overlaps']);

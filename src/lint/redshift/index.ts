// Redshift's SQL, offline and fail closed: what the grammar, the allow-list of functions or a rule does not know is refused.
// `dwh lint` prints the findings; the tests' stand-in admits by them and translates by the tree.
//
//   tokenize(sql): Token[]                     lossless: blanks and comments are tokens; strings and names are decoded in `value`
//   splitStatements(sql): StatementText[]      {start, end, tokens}, cut at semicolons that are tokens
//   parseStatement(tokens): {statement} | {refusal}
//                                              the tree (tree/*.ts): discriminated by `kind`, with the offsets of each node
//   walk(node, enter), all(node, ...kinds), children(node)
//   check(sql, options?): CheckedStatement[]   {start, end, line, kind, tree, findings, refused} of each statement
//   rules: Map<id, Rule>                       SQLSTATE, Redshift's answer, reason, rewrite, the vendor's page
//   outsideOnly(statement), stateAfter(statement, state)
//                                              what may not run in a transaction; the session after a statement
//   scopesOf(statement), placeOf(relation)     which names belong to which SELECT; which node answers for a relation
//   functions, columnTypes, copyParameters …   the words, as tables
//
// A finding's `sqlstate` and `says` are the server's, as far as pages and threads tell them; `message` and `rewrite` are ours.
// In plain literals a backslash escapes, as on the server: a translator to PostgreSQL writes E'…' from `value`, never the text.
// Offsets are UTF-16 units of the text given. Of UNLOAD's query, which stands in a literal, they are within the literal's value.
// Statements of the tables in grammar/commands/ are Commands: their words, and the named slots of their synopsis.
export { type CheckedStatement, type CheckOptions, check } from './check.ts';
export type { KnowsFunction } from './checks/functions.ts';
export { placeOf, type RunsOn, type Scope, scopesOf } from './checks/relations.ts';
export { outsideOnly, type SessionState, stateAfter } from './checks/transactions.ts';
export type { Finding } from './finding.ts';
export { type Parsed, parseStatement } from './parse.ts';
export type { Refusal } from './refusal.ts';
export { rules } from './rules/index.ts';
export type { Rule } from './rules/rule.ts';
export { type StatementText, splitStatements, statementsOf } from './statements.ts';
export { isTrivia, type Token, type TokenKind, tokenize } from './tokens.ts';
export type * from './tree/changes.ts';
export type * from './tree/definitions.ts';
export type * from './tree/leaves.ts';
export type * from './tree/query.ts';
export type * from './tree/statement.ts';
export { all, children, type Node, type NodeOf, walk } from './tree/walk.ts';
export { copyParameters, unloadParameters } from './words/copy.ts';
export { dateParts } from './words/dateparts.ts';
export { encodings } from './words/encodings.ts';
export { functions } from './words/functions/index.ts';
export type { Family, FunctionKind, Signature } from './words/functions/signature.ts';
export { reservedWords } from './words/reserved.ts';
export { settings } from './words/settings.ts';
export { canonicalType, catalogTypes, columnTypes, familyOf, type TypeFamily } from './words/types.ts';

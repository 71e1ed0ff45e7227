// SQL text of any number of statements → what is wrong with each. Pure; never throws on any text.
import { lineStarts, placeAt } from '../places.ts';
import type { KnowsFunction } from './checks/functions.ts';
import { checkStatement, innerStatement } from './checks/statement.ts';
import { checkTransaction, type SessionState, stateAfter } from './checks/transactions.ts';
import { checkReplaced, viewColumns } from './checks/views.ts';
import type { Emit, Finding } from './finding.ts';
import { parseStatement } from './parse.ts';
import type { Refusal } from './refusal.ts';
import { checkRules, rules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import { type StatementText, statementsOf } from './statements.ts';
import { foldCase, tokenize } from './tokens.ts';
import type { Span } from './tree/leaves.ts';
import type { Statement } from './tree/statement.ts';

export interface CheckedStatement {
  /** Offsets in the text: from the first token to the last, without the semicolon. */
  readonly start: number;
  readonly end: number;
  /** From 1: the first token's. */
  readonly line: number;
  /** 'select', 'create-table-as', a command's words …; undefined when it was not understood. */
  readonly kind: string | undefined;
  readonly tree: Statement | undefined;
  readonly findings: readonly Finding[];
  /** Whether there is an error among the findings. */
  readonly refused: boolean;
}

export interface CheckOptions {
  /** What the session is in before the first statement; without it, that is not known. */
  readonly state?: SessionState;
  /** Whether users have a function of this name, in lower case; those that the text creates are known without. */
  readonly knowsFunction?: KnowsFunction;
}

export function check(sql: string, options: CheckOptions = {}): CheckedStatement[] {
  const places = lineStarts(sql);
  const created = new Set<string>();
  const knows: KnowsFunction = (name) => created.has(name) || (options.knowsFunction?.(name) ?? false);
  const views = new Map<string, readonly string[] | undefined>();
  let state: SessionState = options.state ?? { inTransaction: undefined };
  return statementsOf(tokenize(sql)).map((text) => {
    const { statement, refusal } = parseStatement(text.tokens);
    if (refusal) return checked(text, undefined, [ofRefusal(refusal, places)], places);
    const findings: Finding[] = [];
    const emit = emitter(findings, places);
    checkStatement(statement, sql, knows, emit);
    if (statement.kind === 'unload') checkUnloaded(statement, knows, emit);
    checkTransaction(innerStatement(statement) ?? statement, state, emit);
    if (!findings.some(({ severity }) => severity === 'error')) state = stateAfter(statement, state);
    if (statement.kind === 'create-view') {
      checkReplaced(statement, views.get(viewName(statement)), emit);
      views.set(viewName(statement), viewColumns(statement));
    }
    if (statement.kind === 'create-routine') created.add(foldCase(statement.name.parts.at(-1)?.value ?? ''));
    return checked(text, statement, findings, places);
  });
}

const viewName = ({ name }: Extract<Statement, { kind: 'create-view' }>): string =>
  name.parts.map(({ value }) => foldCase(value)).join('.');

/** The query in UNLOAD's literal: what is wrong with it stands at the literal. */
function checkUnloaded(statement: Extract<Statement, { kind: 'unload' }>, knows: KnowsFunction, emit: Emit): void {
  checkStatement(statement.inner.query, statement.text.value, knows, (rule, _, values, rewrite) =>
    emit(rule, statement.text, values, rewrite),
  );
}

function checked(
  text: StatementText,
  tree: Statement | undefined,
  findings: readonly Finding[],
  places: readonly number[],
): CheckedStatement {
  return {
    start: text.start,
    end: text.end,
    line: placeAt(text.start, places).line,
    kind: tree && kindOf(tree),
    tree,
    findings,
    refused: findings.some(({ severity }) => severity === 'error'),
  };
}

const kindOf = (tree: Statement): string => (tree.kind === 'command' ? tree.command : tree.kind === 'query' ? 'select' : tree.kind);

function ofRefusal({ rule, start, sqlstate, says }: Refusal, places: readonly number[]): Finding {
  const known = rules.get(rule);
  return {
    rule,
    severity: 'error',
    offset: start,
    ...placeAt(start, places),
    message: known?.reason ?? says,
    ...(known?.rewrite !== undefined && { rewrite: known.rewrite }),
    url: known?.url ?? '',
    sqlstate,
    says,
  };
}

function emitter(findings: Finding[], places: readonly number[]): Emit {
  return (id, at: Span, values = {}, rewrite) => {
    const rule: Rule = checkRules[id];
    const fill = (text: string): string =>
      Object.entries(values).reduce((filled, [key, value]) => filled.replaceAll(`{${key}}`, () => String(value)), text);
    const written = rewrite ?? (rule.rewrite && fill(rule.rewrite));
    findings.push({
      rule: id,
      severity: rule.severity ?? 'error',
      ...(rule.doubtful && { doubtful: rule.doubtful }),
      offset: at.start,
      ...placeAt(at.start, places),
      message: fill(rule.reason),
      ...(written && { rewrite: written }),
      url: rule.url,
      sqlstate: rule.sqlstate,
      says: fill(rule.says),
    });
  };
}

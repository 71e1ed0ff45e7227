// A selector of selectors.yml → the same tree as that of the command line. A definition is text, {method: value},
// {method, value, parents, …, exclude}, {union: […]} or {intersection: […]}; the method `selector` is another selector.
// https://docs.getdbt.com/reference/node-selection/yaml-selectors
import { isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { fail } from '../core/problem.ts';
import type { IndirectSelection } from '../core/request.ts';
import { type Expression, type Hops, parseSelector } from './selector-grammar.ts';

type Selectors = Readonly<Record<string, unknown>>;
type Mapping = Readonly<Record<string, unknown>>;

const KEYS = ['method', 'value', 'childrens_parents', 'parents', 'parents_depth', 'children', 'children_depth'];
const ALL_KEYS = [...KEYS, 'indirect_selection', 'exclude'];
const MODES: readonly IndirectSelection[] = ['eager', 'cautious', 'buildable', 'empty'];

/** The one with `default: true`. */
export function defaultSelector(selectors: Selectors): string | undefined {
  const names = Object.keys(selectors).filter((name) => isMapping(selectors[name]) && selectors[name].default === true);
  if (names.length > 1)
    fail({
      code: 'selector-definition',
      message: `several selectors are the default one: ${names.join(', ')}`,
      hint: "Keep 'default: true' at one of them",
    });
  return names[0];
}

/** Throws DwhError when there is none, or its definition cannot be read. */
export function namedSelector(selectors: Selectors, name: string, within: readonly string[] = []): Expression {
  const known = Object.keys(selectors);
  if (!known.includes(name)) {
    const near = nearestName(name, known);
    const others = known.length === 0 ? 'The project has no selectors.yml' : `There are: ${known.join(', ')}`;
    fail({ code: 'selector-not-found', message: `there is no selector '${name}'`, hint: near ? `Did you mean '${near}'?` : others });
  }
  if (within.includes(name))
    fail({
      code: 'selector-definition',
      message: `the selector '${name}' stands for itself: ${[...within, name].join(' → ')}`,
      hint: 'Take it out of one of them',
    });
  const entry = selectors[name];
  const definition = isMapping(entry) ? entry.definition : entry;
  return definitionReader(selectors, [...within, name])(definition);
}

function definitionReader(selectors: Selectors, within: readonly string[]): (definition: unknown) => Expression {
  const name = within.at(-1) ?? '';
  const wrong = (message: string, hint: string): never =>
    fail({ code: 'selector-definition', message: `selector '${name}': ${message}`, hint });

  const read = (definition: unknown): Expression => {
    if (typeof definition === 'string') return parseSelector([definition]);
    if (!isMapping(definition))
      return wrong(`a definition is text or a mapping, and this is ${JSON.stringify(definition)}`, "Write for example 'tag:nightly+'");
    for (const kind of ['union', 'intersection'] as const) {
      if (!(kind in definition)) continue;
      const [other] = Object.keys(definition).filter((key) => key !== kind);
      if (other !== undefined) wrong(`'${other}' stands beside '${kind}'`, `Put it into the list of '${kind}'`);
      return group(kind, definition[kind]);
    }
    return method(definition);
  };

  const list = (key: string, value: unknown): readonly unknown[] =>
    Array.isArray(value) ? value : wrong(`'${key}' should be a list`, `Write each part after a dash below '${key}:'`);

  const excluded = (value: unknown): Expression => union(list('exclude', value).map(read));

  /** As in dbt, tests that waited for other parts do not come in later: each part says itself which tests it takes. */
  const union = (parts: readonly Expression[]): Expression =>
    parts.length === 1 && parts[0] ? parts[0] : { kind: 'union', parts, indirect: 'eager' };

  const isExclude = (item: unknown): item is Mapping => isMapping(item) && Object.keys(item).join() === 'exclude';

  const group = (kind: 'union' | 'intersection', value: unknown): Expression => {
    const items = list(kind, value);
    const [exclude, second] = items.filter(isExclude);
    if (second) wrong(`'${kind}' has two entries 'exclude'`, 'Put all that is left out into one list');
    const parts = items.filter((item) => !isExclude(item)).map(read);
    const from: Expression = { kind, parts, indirect: 'eager' };
    return exclude ? { kind: 'difference', from, without: excluded(exclude.exclude) } : from;
  };

  const method = (definition: Mapping): Expression => {
    const [only, ...others] = Object.keys(definition);
    if (only !== undefined && others.length === 0 && !KEYS.includes(only)) return term({ method: only, value: definition[only] });
    if (definition.method === undefined || definition.value === undefined)
      wrong(`${JSON.stringify(definition)} has no 'method' and 'value'`, 'For example:  {method: tag, value: nightly}');
    const from = term(definition);
    return definition.exclude === undefined ? from : { kind: 'difference', from, without: excluded(definition.exclude) };
  };

  const term = (definition: Mapping): Expression => {
    for (const key of Object.keys(definition)) {
      const near = ALL_KEYS.includes(key) ? undefined : nearestName(key, ALL_KEYS);
      if (near) wrong(`'${key}' is not a key of a definition`, `Did you mean '${near}'?`);
    }
    const [word = '', ...args] = String(definition.method).split('.');
    const value = String(definition.value);
    const hops = hopsOf(definition);
    if (word === 'selector') {
      const of = namedSelector(selectors, value, within);
      return Object.values(hops).every((hop) => hop === undefined || hop === false) ? of : { kind: 'around', of, hops };
    }
    const mode = modeOf(definition.indirect_selection);
    const raw = `${definition.method}:${value}`;
    const of: Expression = { kind: 'term', raw, method: word, arguments: args, value, ...hops, ...(mode && { indirect: mode }) };
    return { kind: 'word', raw, of };
  };

  const modeOf = (value: unknown): IndirectSelection | undefined =>
    value === undefined || value === null
      ? undefined
      : (MODES.find((mode) => mode === value) ?? wrong(`there is no indirect_selection '${value}'`, `Write one of: ${MODES.join(', ')}`));

  const hopsOf = (definition: Mapping): Hops => {
    const steps = (direction: 'parents' | 'children'): number | undefined => {
      if (!isTrue(definition[direction])) return undefined;
      const written = definition[`${direction}_depth`];
      if (written === undefined || written === null) return Number.POSITIVE_INFINITY;
      const count = Number(written);
      return Number.isInteger(count) && count >= 0
        ? count
        : wrong(`'${direction}_depth' is ${JSON.stringify(written)}`, 'Write how many steps, or leave it out for all');
    };
    const hops = { childrensParents: isTrue(definition.childrens_parents), parents: steps('parents'), children: steps('children') };
    if (hops.childrensParents && hops.children !== undefined)
      wrong("'childrens_parents' and 'children' are both true", "Leave 'children' out: 'childrens_parents' takes in everything downstream");
    return hops;
  };

  return read;
}

const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === 'True';

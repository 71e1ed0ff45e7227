// A host: what the names of one text mean. A user's macro of the name comes first, then what is made for the text, then what all
// texts of the run share, dwh's own macros last.
import { bindMacro, depthOf } from '../template/index.ts';
import type { Callable, Host, HostObject, TemplateValue } from '../template/types.ts';
import { BUILTIN_PACKAGE, type LibraryMacro } from './macro-library.ts';
import { projectMakers, sharedValue } from './makers.ts';
import type { MakersOf, ProjectScope } from './types.ts';
import { hostFunction, hostObject } from './values.ts';

/** What macros answer instead of being called: `name` for every caller, `package.name` for calls that name the package. */
export type MacroAnswers = ReadonlyMap<string, TemplateValue>;

/** dbt's own functions, also where a macro of the project has taken the name. */
function builtinsValue(named: (name: string) => TemplateValue | undefined): HostObject {
  const names = [
    'ref',
    'source',
    'function',
    'config',
    'var',
    'env_var',
    'log',
    'print',
    'return',
    'run_query',
    'statement',
    'load_result',
  ];
  const members = Object.fromEntries(names.map((key) => [key, () => named(key) ?? null]));
  const keys = hostFunction('keys', () => names);
  const get = hostFunction('get', (args) => named(args.needText(0, 'key')) ?? args.get(1, 'default') ?? null);
  return hostObject('builtins', { ...members, keys, get }, { items: () => names, length: () => names.length });
}

/** What every maker of a host may use. */
export interface Inside {
  readonly scope: ProjectScope;
  /** Told to the host's `reached`. */
  readonly bind: (macro: LibraryMacro) => Callable;
  /** It is there when the first name is asked for. */
  readonly host: () => Host;
}

interface HostParts<Self extends Inside> {
  readonly scope: ProjectScope;
  readonly answers?: MacroAnswers | undefined;
  /** One table for all hosts of a kind: to make or to join some for each costs more than a small template does. */
  readonly makers: MakersOf<Self>;
  readonly self: (inside: Inside) => Self;
  /** Names of this text only. They come before the makers. */
  readonly more?: Readonly<Record<string, TemplateValue>> | undefined;
  /** Told of macros that are reached: unique ids. Only while parsing. */
  readonly reached?: Set<string>;
  /** Told of macros that the text itself calls. */
  readonly called: Set<string>;
}

/** Calls by other macros are theirs. */
const noted = (macro: Callable, note: () => void): Callable => ({
  ...macro,
  call(args, kwargs, site) {
    if (depthOf(site) === 0) note();
    return macro.call(args, kwargs, site);
  },
});

export function makeHost<Self extends Inside>({ scope, makers, self, more, answers, reached, called }: HostParts<Self>): Host {
  const bound = new Map<LibraryMacro, Callable>();
  const made = new Map<string, TemplateValue>();
  const bind = (macro: LibraryMacro): Callable => {
    reached?.add(macro.unique_id);
    let callable = bound.get(macro);
    if (!callable) {
      callable = noted(bindMacro(macro.definition, host), () => called.add(macro.unique_id));
      bound.set(macro, callable);
    }
    return callable;
  };
  const named = (name: string): TemplateValue | undefined => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = more && Object.hasOwn(more, name) ? more[name] : Object.hasOwn(makers, name) ? makers[name]?.(own) : undefined;
    if (value === undefined) return sharedValue(scope, name);
    made.set(name, value);
    return value;
  };
  const packageNamespace = (packageName: string): HostObject => ({
    kind: 'host',
    typeName: `package ${packageName}`,
    get(name) {
      const macro = scope.macros.inPackage(packageName, name);
      return answered(name, packageName, macro && bind(macro));
    },
    names: () => scope.macros.names(packageName),
    lacks: (name) => `the package '${packageName}' has no macro '${name}'`,
  });
  /** dwh's own macros are called with and without their package's name, and both calls mean the same. */
  const answered = (name: string, packageName: string | undefined, value: TemplateValue | undefined): TemplateValue | undefined => {
    const keys = packageName === undefined ? [name, `${BUILTIN_PACKAGE}.${name}`] : packageName === BUILTIN_PACKAGE ? [name] : [];
    const key = [...(packageName === undefined ? [] : [`${packageName}.${name}`]), ...keys].find((one) => answers?.has(one));
    const answer = key === undefined ? undefined : answers?.get(key);
    if (answer === undefined || value === undefined) return value;
    const isCalled = typeof value === 'object' && value !== null && 'call' in value;
    return isCalled ? hostFunction(name, () => answer) : answer;
  };
  const host: Host = {
    ...(reached && { unanswered: true }),
    resolve: (name, from) => (answers ? answered(name, undefined, meaning(name, from)) : meaning(name, from)),
    *names(from) {
      for (const some of [more ?? {}, makers, projectMakers]) yield* Object.keys(some);
      yield* scope.macros.names(from);
    },
  };
  const meaning: Host['resolve'] = (name, from) => {
    const user = scope.macros.findUser(name, from);
    if (user) return bind(user);
    const value = named(name);
    if (value !== undefined) return value;
    const builtin = scope.macros.findBuiltin(name);
    if (builtin) return bind(builtin);
    if (name === 'builtins') return builtinsValue(named);
    return scope.macros.hasPackage(name) || name === scope.projectName ? packageNamespace(name) : undefined;
  };
  const own = self({ scope, bind, host: () => host });
  return host;
}

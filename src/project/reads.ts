// What parsing read from outside the project's files: vars, environment variables, and the few names whose answer changes
// from run to run (flags, run_started_at, invocation_id, modules). A result is as good as new while all of these answer as
// they did.
import type { TextScope } from '../context/types.ts';
import type { Host, TemplateValue } from '../template/types.ts';

/** Plain data: it is kept with what it goes for. Values are JSON texts; null: not set. */
export interface Reads {
  readonly env: readonly (readonly [name: string, value: string | null])[];
  readonly vars: readonly (readonly [packageName: string, name: string, value: string | null])[];
  readonly names: readonly (readonly [name: string, mark: string])[];
}

export const NO_READS: Reads = { env: [], vars: [], names: [] };

export interface ReadLog {
  /** The same scope, its reads noted. */
  readonly text: TextScope;
  /** For values that all templates share: looking one up by name is noted. */
  readonly shared: Map<string, TemplateValue>;
  /** A host whose names are noted. */
  watch(host: Host): Host;
  /**
   * Runs `make`; what it read is returned, and counted as read by whatever runs around it. `harmless` tells of a name that
   * changes from run to run whether its answer cannot have made a difference to the value.
   */
  during<T>(make: () => T, harmless?: (name: string, value: T) => boolean): { readonly value: T; readonly reads: Reads };
  /** Counts reads of an earlier run as made now. */
  add(reads: Reads): void;
  /** All of these answer today as they did. */
  holds(reads: Reads): boolean;
}

interface Noted {
  readonly env: Map<string, string | null>;
  readonly vars: Map<string, readonly [string, string, string | null]>;
  readonly names: Map<string, string>;
}

const newNoted = (): Noted => ({ env: new Map(), vars: new Map(), names: new Map() });

/** `marks` says for each name that changes from run to run what it answers today. */
export function readLog(scope: TextScope, marks: ReadonlyMap<string, string>): ReadLog {
  const stack: Noted[] = [newNoted()];
  const top = (): Noted => stack[stack.length - 1] ?? newNoted();
  const noteName = (name: string): void => {
    const mark = marks.get(name);
    if (mark !== undefined) top().names.set(name, mark);
  };
  const jsonOf = (value: unknown): string | null => (value === undefined ? null : (JSON.stringify(value) ?? null));
  class NotedEnv extends Map<string, string | undefined> {
    override set(name: string, value: string | undefined): this {
      top().env.set(name, value ?? null);
      return super.set(name, value);
    }
  }
  class NotedNames extends Map<string, TemplateValue> {
    override get(name: string): TemplateValue | undefined {
      noteName(name);
      return super.get(name);
    }
  }
  const text: TextScope = {
    ...scope,
    findVar(name, packageName) {
      const value = scope.findVar(name, packageName);
      top().vars.set(`${packageName}\0${name}`, [packageName, name, jsonOf(value)]);
      return value;
    },
    envRead: new NotedEnv(),
    get flags() {
      noteName('flags');
      return scope.flags;
    },
  };
  const add = (reads: Reads): void => {
    const noted = top();
    for (const [name, value] of reads.env) noted.env.set(name, value);
    for (const one of reads.vars) noted.vars.set(`${one[0]}\0${one[1]}`, one);
    for (const [name, mark] of reads.names) noted.names.set(name, mark);
  };
  const readsOf = ({ env, vars, names }: Noted): Reads =>
    env.size + vars.size + names.size === 0 ? NO_READS : { env: [...env], vars: [...vars.values()], names: [...names] };
  return {
    text,
    shared: new NotedNames(),
    watch: (host) => ({
      resolve(name, from) {
        noteName(name);
        return host.resolve(name, from);
      },
      names: (from) => host.names(from),
    }),
    during(make, harmless = () => false) {
      const noted = newNoted();
      stack.push(noted);
      try {
        const value = make();
        for (const name of noted.names.keys()) if (harmless(name, value)) noted.names.delete(name);
        return { value, reads: readsOf(noted) };
      } finally {
        stack.pop();
        add(readsOf(noted));
      }
    },
    add,
    holds: ({ env, vars, names }) =>
      env.every(([name, value]) => (scope.env[name] ?? null) === value) &&
      vars.every(([packageName, name, value]) => jsonOf(scope.findVar(name, packageName)) === value) &&
      names.every(([name, mark]) => marks.get(name) === mark),
  };
}

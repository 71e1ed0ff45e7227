// The template language's vocabulary: values, templates, what a host provides. Knows no dbt name.
import type { Location } from '../core/location.ts';

/** A value of the language: Python's semantics on JavaScript's representations. Integers are number while safe, else bigint. */
export type TemplateValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | TemplateValue[]
  | Tuple
  | Dict
  | Undefined
  | HostObject
  | Callable;

/** A Python float: prints with '.0'. */
export class PyFloat {
  constructor(
    readonly value: number,
    /** A decimal's own digits, which it prints. */
    readonly digits?: string,
  ) {}
}

/** An immutable list; prints with parentheses. */
export class Tuple extends Array<TemplateValue> {}

/** Keys in order of insertion. Keys are compared as Python does (1 == 1.0 == True are one key). */
export type Dict = Map<TemplateValue, TemplateValue>;

/** What dbt tells of a node, and all dicts in it: which keys it has depends on its kind, so one that is not there prints nothing. */
export class RecordDict extends Map<TemplateValue, TemplateValue> {}

/** A name that nothing defines; an error when printed or used, fine in `is defined`, `default` and truth tests. */
export class Undefined {
  constructor(
    readonly name: string,
    /** What to say instead of "'name' is undefined". */
    readonly message?: string,
    readonly hint?: string,
  ) {}
}

/** A thing of the host's, seen through a list of allowed names only. */
export interface HostObject {
  readonly kind: 'host';
  /** For messages and printing: 'relation', 'adapter'. */
  readonly typeName: string;
  get(name: string): TemplateValue | undefined;
  /** `is mapping` */
  readonly isMapping?: boolean;
  /** For did-you-mean; may be empty. */
  names(): Iterable<string>;
  /** What is said of a member that is not there. */
  lacks?(name: string): string;
  /** What `{{ x }}` prints; default: `<typeName>`. */
  toText?(): string;
  /** Items for `for … in x`; default: not iterable. */
  items?(): Iterable<TemplateValue>;
  /** x[key] with a key that is not a name (a number, say), and `x[key]`; default: `get` of a string. */
  item?(key: TemplateValue): TemplateValue | undefined;
  /** Truth; default: whether there are items, true when there is no length. */
  truth?(): boolean;
  length?(): number;
  equals?(other: TemplateValue): boolean;
  /** `x + other`, `x - other`, and with `reflected` `other + x`; undefined: not supported. */
  arithmetic?(operator: '+' | '-' | '*' | '/', other: TemplateValue, reflected: boolean): TemplateValue | undefined;
  /** Negative, zero or positive for `<`, `==`, `>`; undefined: cannot be compared. */
  compareTo?(other: TemplateValue): number | undefined;
  call?: Callable['call'];
}

/** Hand it on as it is: place and stack are worked out when they are read. */
export interface CallSite {
  /** Where the call is written. */
  readonly at: Location;
  /** The package whose file the call is written in: '' when the host gave none. */
  readonly package: string;
  /** The macros that are running, innermost first: name and where it was called. */
  readonly stack: readonly Frame[];
}

export interface Frame {
  readonly macro: string;
  /** Where the macro is defined. */
  readonly defined: Location;
  /** Where it was called. */
  readonly called: Location;
}

/** A function of the host's. A generator may yield an Ask, and is resumed with its answer. */
export interface Callable {
  readonly kind: 'function';
  readonly name: string;
  call(
    args: readonly TemplateValue[],
    kwargs: ReadonlyMap<string, TemplateValue>,
    site: CallSite,
  ): TemplateValue | Generator<Ask, TemplateValue, unknown>;
}

/** A request to the host's world (a query, say). The language passes it through and hands back the answer; it never looks inside. */
export type Ask = unknown;

export type BlockKind = 'macro' | 'test' | 'materialization' | 'snapshot' | 'docs';

/** `{% macro m(a, b=1) %} … {% endmacro %}` and its kin, found at the top level of a file. */
export interface Block {
  readonly kind: BlockKind;
  /** As written; a test's macro name is 'test_' + name; a materialization's is 'materialization_<name>_<adapter or default>'. */
  readonly name: string;
  /** For materialization: adapter and supported_languages, as written; else empty. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly at: Location;
  /** The whole block as it stands in the file, and (for docs and snapshot) the text between its tags. */
  readonly source: string;
  readonly inner: string;
}

/** Parsed text. Immutable; may be rendered many times. Its insides are the template folder's own. */
export interface Template {
  readonly file: string;
  readonly package: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Where each piece of output came from. */
export interface LineMap {
  /** The place in the template of a 0-based offset (UTF-16 units) into the rendered text. */
  locate(offset: number): Location;
}

export interface Rendered {
  readonly text: string;
  readonly map: LineMap;
}

/** What the names in a template mean. */
export interface Host {
  /**
   * A name that no scope of the template defines (its own macros are names of its scope). In a bound macro the host comes before
   * the other macros of its file. `from`: the package of the file in which the name is written.
   */
  resolve(name: string, from: string): TemplateValue | undefined;
  /** For did-you-mean. */
  names(from: string): Iterable<string>;
  /** While parsing: what data has, the warehouse has not said yet, and a member that is not there prints as nothing. */
  readonly unanswered?: boolean;
}

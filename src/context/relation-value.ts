// A relation as templates see it: prints as a quoted name, and knows its parts.
// Members: https://docs.getdbt.com/reference/dbt-classes#relation
import type { Dialect } from '../adapters/dialect.ts';
import type { Relation, RelationKind } from '../core/relation.ts';
import { truth } from '../template/index.ts';
import type { Callable, HostObject, TemplateValue } from '../template/types.ts';
import { type Narrowing, narrowed } from './narrowed.ts';
import { type Arguments, hostFunction, hostObject, problemError } from './values.ts';

export interface RelationParts {
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  readonly identifier?: string | undefined;
  readonly external?: string | undefined;
}

export interface RelationPolicy {
  readonly database: boolean;
  readonly schema: boolean;
  readonly identifier: boolean;
}

const ALL: RelationPolicy = { database: true, schema: true, identifier: true };

export class RelationValue implements HostObject {
  readonly kind = 'host' as const;
  readonly typeName = 'relation';
  /** As dbt's: macros tell a relation from a text by it. */
  readonly isMapping = true;

  constructor(
    readonly parts: RelationParts,
    readonly dialect: Dialect,
    readonly relationKind?: RelationKind | 'cte',
    readonly include: RelationPolicy = ALL,
    readonly quoted: RelationPolicy = ALL,
    /** Prints a query for some of its rows. */
    readonly narrowing: Narrowing = {},
  ) {}

  /** The place in the warehouse; undefined for a CTE or when schema or name is missing. */
  get relation(): Relation | undefined {
    const { database, schema, identifier, external } = this.parts;
    if (this.relationKind === 'cte' || schema === undefined || identifier === undefined) return undefined;
    return { schema, identifier, ...(database !== undefined && { database }), ...(external !== undefined && { external }) };
  }

  toText(): string {
    return narrowed(this.name(), this.dialect.quote(this.parts.identifier ?? ''), this.narrowing);
  }

  /** All of it: what `.render()` prints. */
  name(): string {
    if (this.parts.external !== undefined) return this.parts.external;
    const parts: string[] = [];
    for (const key of ['database', 'schema', 'identifier'] as const) {
      const part = this.parts[key];
      if (part === undefined || part === '' || !this.include[key]) continue;
      parts.push(this.quoted[key] && this.relationKind !== 'cte' ? this.dialect.quote(part) : part);
    }
    return parts.join('.');
  }

  equals(other: TemplateValue): boolean {
    return other instanceof RelationValue && other.toText() === this.toText();
  }

  names(): Iterable<string> {
    return MEMBERS.keys();
  }

  get(name: string): TemplateValue | undefined {
    return MEMBERS.get(name)?.(this);
  }
}

/** Of a dict; what it does not say is true. */
export const policyIn = (value: TemplateValue | undefined): RelationPolicy => {
  const says = (key: string): boolean => !(value instanceof Map) || truth(value.get(key) ?? true);
  return { database: says('database'), schema: says('schema'), identifier: says('identifier') };
};

/** What an ephemeral model is called where it is read. */
export const EPHEMERAL_PREFIX = '__dbt__cte__';

const policyOf = (args: Arguments, before: RelationPolicy): RelationPolicy => {
  const pick = (index: number, name: keyof RelationPolicy): boolean => {
    const value = args.get(index, name);
    return value === undefined || value === null ? before[name] : truth(value);
  };
  return { database: pick(0, 'database'), schema: pick(1, 'schema'), identifier: pick(2, 'identifier') };
};

const method =
  (name: string, call: (self: RelationValue, args: Arguments) => TemplateValue) =>
  (self: RelationValue): Callable =>
    hostFunction(name, (args) => call(self, args));

type Changes = { readonly parts?: RelationParts; readonly kind?: RelationKind | 'cte' | undefined };
const changed = (self: RelationValue, { parts = {}, kind }: Changes): RelationValue =>
  new RelationValue({ ...self.parts, ...parts }, self.dialect, kind ?? self.relationKind, self.include, self.quoted);

/** The parts that are named; a part that is None is left out. */
const partsOf = (named: Arguments['named']): RelationParts =>
  Object.fromEntries(
    (['database', 'schema', 'identifier'] as const).flatMap((key) => {
      const value = named.get(key);
      return value === undefined ? [] : [[key, value === null ? undefined : String(value)] as const];
    }),
  );

const policyValue = (policy: RelationPolicy): HostObject => hostObject('policy', { ...policy });
const partsValue = ({ database, schema, identifier }: RelationParts): HostObject =>
  hostObject('path', { database: database ?? null, schema: schema ?? null, identifier: identifier ?? null });

/** `<database>.information_schema.<view>`, never quoted but for the database. */
const informationSchema = (self: RelationValue, view: string | undefined): RelationValue =>
  new RelationValue(
    { database: self.parts.database, schema: 'INFORMATION_SCHEMA', identifier: view },
    self.dialect,
    'view',
    { ...ALL, database: self.include.database },
    { database: self.quoted.database, schema: false, identifier: false },
  );

const matches = (self: RelationValue, args: Arguments): boolean => {
  const wanted = { database: args.text(0, 'database'), schema: args.text(1, 'schema'), identifier: args.text(2, 'identifier') };
  const fold = (text: string | undefined): string | undefined => (self.dialect.ignoresCase ? text?.toLowerCase() : text);
  const asked = (['database', 'schema', 'identifier'] as const).filter((key) => wanted[key] !== undefined);
  if (asked.length === 0)
    throw problemError({ code: 'template-arguments', message: 'matches() needs a database, a schema or an identifier' });
  return asked.every((key) => fold(wanted[key]) === fold(self.parts[key]));
};

const MEMBERS: ReadonlyMap<string, (self: RelationValue) => TemplateValue> = new Map<string, (self: RelationValue) => TemplateValue>([
  ['database', (self) => self.parts.database ?? null],
  ['schema', (self) => self.parts.schema ?? null],
  ['identifier', (self) => self.parts.identifier ?? null],
  ['table', (self) => self.parts.identifier ?? null],
  ['name', (self) => self.parts.identifier ?? null],
  ['type', (self) => self.relationKind ?? null],
  ['is_table', (self) => self.relationKind === 'table'],
  ['is_view', (self) => self.relationKind === 'view'],
  ['is_cte', (self) => self.relationKind === 'cte'],
  ['is_materialized_view', (self) => self.relationKind === 'materialized_view'],
  ['render', method('render', (self) => self.name())],
  [
    'include',
    method(
      'include',
      (self, args) =>
        new RelationValue(self.parts, self.dialect, self.relationKind, policyOf(args, self.include), self.quoted, self.narrowing),
    ),
  ],
  [
    'quote',
    method(
      'quote',
      (self, args) =>
        new RelationValue(self.parts, self.dialect, self.relationKind, self.include, policyOf(args, self.quoted), self.narrowing),
    ),
  ],
  ['quoted', method('quoted', (self, args) => self.dialect.quote(args.needText(0, 'identifier')))],
  [
    'without_identifier',
    method(
      'without_identifier',
      (self) => new RelationValue(self.parts, self.dialect, self.relationKind, { ...self.include, identifier: false }, self.quoted),
    ),
  ],
  [
    'get',
    method('get', (self, args) => {
      const name = args.needText(0, 'key');
      const found = name === 'get' ? undefined : MEMBERS.get(name)?.(self);
      return found ?? args.get(1, 'default') ?? null;
    }),
  ],
  ['metadata', (self) => new Map([['type', `${self.dialect.name[0]?.toUpperCase()}${self.dialect.name.slice(1)}Relation`]])],
  ['path', (self) => partsValue(self.parts)],
  ['quote_policy', (self) => policyValue(self.quoted)],
  ['include_policy', (self) => policyValue(self.include)],
  ['can_be_renamed', (self) => self.relationKind === 'table' || self.relationKind === 'view'],
  ['can_be_replaced', (self) => self.dialect.replaces && (self.relationKind === 'table' || self.relationKind === 'view')],
  ['matches', method('matches', matches)],
  ['replace_path', method('replace_path', (self, args) => changed(self, { parts: partsOf(args.named) }))],
  ['replace', method('replace', (self, args) => changed(self, { kind: relationKindOf(args.text(99, 'type')) }))],
  ['information_schema', method('information_schema', (self, args) => informationSchema(self, args.text(0, 'view_name')))],
  ['information_schema_only', method('information_schema_only', (self) => informationSchema(self, undefined))],
  [
    'incorporate',
    method('incorporate', (self, args) => {
      const path = args.get(99, 'path');
      const changed =
        path instanceof Map
          ? Object.fromEntries([...path].map(([key, value]) => [String(key), value === null ? undefined : String(value)]))
          : {};
      const type = args.text(99, 'type');
      return new RelationValue(
        { ...self.parts, ...changed },
        self.dialect,
        relationKindOf(type) ?? self.relationKind,
        self.include,
        self.quoted,
      );
    }),
  ],
]);

const KINDS: readonly (RelationKind | 'cte')[] = ['table', 'view', 'materialized_view', 'external', 'cte'];
export const relationKindOf = (text: string | undefined): RelationKind | 'cte' | undefined =>
  KINDS.find((kind) => kind === text?.toLowerCase());

export const relationValue = (relation: Relation, dialect: Dialect, kind?: RelationKind): RelationValue =>
  new RelationValue({ database: relation.database, schema: relation.schema, identifier: relation.identifier }, dialect, kind);

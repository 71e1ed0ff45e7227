// A relation as templates see it: prints as a quoted name, and knows its parts.
// Members: https://docs.getdbt.com/reference/dbt-classes#relation
import type { Dialect } from '../adapters/adapter.ts';
import type { Relation, RelationKind } from '../core/relation.ts';
import { truth } from '../template/index.ts';
import type { Callable, HostObject, TemplateValue } from '../template/types.ts';
import { type Narrowing, narrowed } from './narrowed.ts';
import { type Arguments, hostFunction } from './values.ts';

export interface RelationParts {
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  readonly identifier?: string | undefined;
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
    const { database, schema, identifier } = this.parts;
    if (this.relationKind === 'cte' || schema === undefined || identifier === undefined) return undefined;
    return { schema, identifier, ...(database !== undefined && { database }) };
  }

  toText(): string {
    return narrowed(this.name(), this.dialect.quote(this.parts.identifier ?? ''), this.narrowing);
  }

  /** All of it: what `.render()` prints. */
  name(): string {
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

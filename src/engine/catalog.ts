// What stands in the warehouse, listed once per schema and kept up to date by what dwh itself does. Free SQL (hooks,
// statements of templates) makes a schema's list stale, and it is listed again when next asked for.
import type { Connection } from '../adapters/adapter.ts';
import { type Relation, type RelationState, relationKey } from '../core/relation.ts';

type Place = Pick<Relation, 'database' | 'schema'>;
/** Whatever else runs, the relations and their kinds stay as they are. */
const MAKES_RELATIONS = /\b(create|drop|alter|rename|attach|detach|into|import|call|execute|do|use)\b/i;

export class Catalog {
  readonly #relations = new Map<string, RelationState>();
  readonly #listed = new Set<string>();
  /** What was set while schemas were being listed: the lists may be older. */
  #listings = 0;
  #meanwhile: (readonly [Relation, RelationState | undefined])[] = [];
  #staleCount = 0;

  constructor(private readonly ignoresCase: boolean) {}

  /** How often the lists became stale. */
  get staleCount(): number {
    return this.#staleCount;
  }

  async list(places: readonly Place[], connection: Connection): Promise<void> {
    const missing = [
      ...new Map(
        places.filter((place) => !this.#listed.has(this.#placeKey(place))).map((place) => [this.#placeKey(place), place]),
      ).values(),
    ];
    if (missing.length === 0) return;
    const keys = new Set(missing.map((place) => this.#placeKey(place)));
    const staleBefore = this.#staleCount;
    this.#listings++;
    try {
      const states = await connection.list(missing);
      for (const [key, state] of this.#relations) if (keys.has(this.#placeKey(state.relation))) this.#relations.delete(key);
      for (const state of states) this.#put(state.relation, state);
      for (const [relation, state] of this.#meanwhile) this.#put(relation, state);
      if (staleBefore === this.#staleCount) for (const key of keys) this.#listed.add(key);
    } finally {
      if (--this.#listings === 0) this.#meanwhile = [];
    }
  }

  /** Asks the warehouse when the relation's schema is not listed. */
  async get(relation: Relation, connection: Connection): Promise<RelationState | undefined> {
    await this.list([relation], connection);
    return this.#relations.get(this.#key(relation));
  }

  async relationsOf(place: Place, connection: Connection): Promise<readonly RelationState[]> {
    await this.list([place], connection);
    const key = this.#placeKey(place);
    return [...this.#relations.values()].filter((state) => this.#placeKey(state.relation) === key);
  }

  set(relation: Relation, state: RelationState | undefined): void {
    if (this.#listings > 0) this.#meanwhile.push([relation, state]);
    this.#put(relation, state);
  }

  /** What stands there may be something else: it is listed again when next asked for. */
  forget(): void {
    this.#staleCount++;
    this.#listed.clear();
  }

  /** Free SQL ran. */
  ran(sql: string): void {
    if (MAKES_RELATIONS.test(sql)) this.forget();
  }

  #put(relation: Relation, state: RelationState | undefined): void {
    if (state) this.#relations.set(this.#key(relation), state);
    else this.#relations.delete(this.#key(relation));
  }

  #key(relation: Relation): string {
    return relationKey(relation, this.ignoresCase);
  }

  #placeKey(place: Place): string {
    return this.#key({ ...place, identifier: '' });
  }
}

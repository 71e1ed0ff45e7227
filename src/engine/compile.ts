// A node's text to SQL: rendered with its refs answered, ephemeral parents prepended as CTEs, and a way back from any place
// in the SQL to the line that made it.
import type { Dialect } from '../adapters/dialect.ts';
import {
  type MacroAnswers,
  type Narrowing,
  type ProjectScope,
  RelationValue,
  type RunningSubject,
  relationValue,
  runningHost,
  withOneAlias,
} from '../context/index.ts';
import { type BatchSize, batchId, type Span } from '../core/batch.ts';
import type { Location } from '../core/location.ts';
import {
  type FunctionCall,
  isRelationNode,
  type ModelNode,
  type Node,
  type RefCall,
  type RelationNode,
  type SourceCall,
  type UniqueId,
} from '../core/node.ts';
import { fail } from '../core/problem.ts';
import type { Relation } from '../core/relation.ts';
import { fitsVersion, sourceOf, unansweredFunction, unansweredRef, unansweredSource } from '../graph/index.ts';
import { parseTemplate, render } from '../template/index.ts';
import type { Ask, Host, Rendered, TemplateValue } from '../template/types.ts';
import { manifestNode } from './node-json.ts';
import type { Run } from './run.ts';
import { prependCtes } from './with-clause.ts';

export interface Compiled {
  readonly sql: string;
  /** Where the text at a 0-based offset of `sql` was written; undefined: it was not written by the user. */
  locate(offset: number): Location | undefined;
  readonly ctes: readonly EphemeralCte[];
  /** sql_header, where the node's own text sets it. */
  readonly header?: string;
  /** Unique ids of the macros that its text called; of what stands under a condition, others than while it was parsed. */
  readonly called: readonly string[];
}

/** An ephemeral model that the SQL carries as a CTE. */
interface EphemeralCte {
  readonly id: UniqueId;
  readonly name: string;
  readonly sql: string;
  /** With the CTEs that it carries itself. */
  readonly whole: Compiled;
  /** As Compiled has it, for offsets of this `sql`. */
  locate(offset: number): Location | undefined;
}

export interface Situation {
  /** 'asked': when the template asks, by what stands there. */
  readonly isIncremental: boolean | 'asked';
  /** Instead of the public relation: the candidates that a gate test reads. */
  readonly candidates: ReadonlyMap<UniqueId, Relation>;
  readonly more?: Readonly<Record<string, TemplateValue>>;
  /** Of a microbatch model: inputs are read as far as they are within it. */
  readonly batch?: { readonly span: Span; readonly size: BatchSize };
  readonly given?: GivenInputs;
}

/** A unit test: what its model reads instead of relations. */
export interface GivenInputs {
  /** Names the CTE that stands for a parent. undefined: an ephemeral model that is not given is taken as it is. Throws DwhError. */
  readonly cteOf: (parent: RelationNode) => string | undefined;
  /** What `this` is to the tested model. */
  readonly self: RelationValue;
  readonly tested: UniqueId;
  /** With the variables of the test. */
  readonly scope: ProjectScope;
  readonly answers: MacroAnswers | undefined;
}

/** To macros a table like any other, so that they take it; its columns are asked of the query that it stands for. */
export const givenRelation = (cte: string, dialect: Dialect): RelationValue =>
  new RelationValue({ identifier: cte }, dialect, 'table', undefined, { database: false, schema: false, identifier: false });

export const PUBLIC: Situation = { isIncremental: false, candidates: new Map() };

/** By its alias, as in dbt: versions of one model may stand side by side. */
const cteName = ({ alias }: ModelNode): string => `__dbt__cte__${alias}`;

const asEphemeral = (node: Node): ModelNode | undefined =>
  node.resource_type === 'model' && node.materialized === 'ephemeral' ? node : undefined;

/** The node that a ref() or source() of `node` stands for; link has put its id among depends_on, and of several packages takes it as here. */
function parentOf(run: Run, node: Node, matches: (parent: RelationNode) => boolean): RelationNode | undefined {
  const found = node.depends_on.flatMap((id) => {
    const parent = run.manifest.nodes.get(id);
    return parent && isRelationNode(parent) && matches(parent) ? [parent] : [];
  });
  if (found.length < 2) return found[0];
  const places = [run.manifest.project_name, node.package_name];
  if (run.scope.flags.REQUIRE_REF_SEARCHES_NODE_PACKAGE_BEFORE_ROOT === true) places.reverse();
  const inPackage = places.map((place) => found.find((parent) => parent.package_name === place));
  return inPackage.find((parent) => parent !== undefined) ?? found[0];
}

/** A model or snapshot reads the sample, the batch, what is in both; of inputs that say which column has the time. */
function narrowingOf({ request, dialect }: Run, node: Node, parent: RelationNode, { batch }: Situation): Narrowing {
  if (node.resource_type !== 'model' && node.resource_type !== 'snapshot') return {};
  const column = parent.config.event_time;
  const spans = [request.sample, batch?.span].filter((span) => span !== undefined);
  if (request.empty || typeof column !== 'string' || spans.length === 0) return { empty: request.empty };
  const isQuoted = parent.columns.some((one) => one.name === column && one.quote === true);
  const span = { start: Math.max(...spans.map(({ start }) => start)), end: Math.min(...spans.map(({ end }) => end)) };
  return { during: { column: isQuoted ? dialect.quote(column) : column, span } };
}

/** What templates of `node` see while it runs. `onEphemeral` is told of each ephemeral parent that is used. */
export function subjectOf(run: Run, node: Node, situation: Situation, onEphemeral: (parent: ModelNode) => void): RunningSubject {
  const { given } = situation;
  const shown = (parent: RelationNode): RelationValue => {
    const cte = given?.cteOf(parent);
    if (cte !== undefined) return givenRelation(cte, run.dialect);
    const ephemeral = asEphemeral(parent);
    if (ephemeral) {
      onEphemeral(ephemeral);
      return new RelationValue({ identifier: cteName(ephemeral) }, run.dialect, 'cte', undefined, undefined, {
        ...narrowingOf(run, node, parent, situation),
        // Its own inputs are.
        empty: false,
      });
    }
    const kind = parent.resource_type === 'model' && parent.materialized === 'view' ? 'view' : 'table';
    const { database, schema, identifier, external } =
      situation.candidates.get(parent.unique_id) ?? run.deferred.get(parent.unique_id) ?? parent.relation;
    const narrowing = narrowingOf(run, node, parent, situation);
    return new RelationValue({ database, schema, identifier, external }, run.dialect, kind, undefined, undefined, narrowing);
  };
  const ownRelation = isRelationNode(node) || node.resource_type === 'function' ? node.relation : undefined;
  return {
    config: node.config,
    this:
      given && node.unique_id === given.tested
        ? given.self
        : ownRelation
          ? relationValue(ownRelation, run.dialect, node.resource_type === 'model' && node.materialized === 'view' ? 'view' : 'table')
          : null,
    model: () => manifestNode(node, run.dialect),
    graph: run.graph,
    isIncremental: situation.isIncremental,
    fullRefresh: node.config.full_refresh === true || (node.config.full_refresh !== false && run.request.fullRefresh),
    selectedResources: run.chosen,
    thread: run.threads.get(node.unique_id),
    ...(situation.batch && { batch: { id: batchId(situation.batch.span.start, situation.batch.size), ...situation.batch.span } }),
    answers: given?.answers,
    ...(situation.more && { more: situation.more }),
    ref(call: RefCall) {
      const parent = parentOf(
        run,
        node,
        (one) =>
          one.resource_type !== 'source' &&
          one.name === call.name &&
          (call.package === undefined || one.package_name === call.package) &&
          fitsVersion(one, call.version),
      );
      if (parent) return shown(parent);
      return fail(unansweredRef(run.manifest, node, call));
    },
    source(call: SourceCall) {
      const parent = parentOf(
        run,
        node,
        (one) => one.resource_type === 'source' && one.source_name === call.source && one.name === call.table,
      );
      // One that parsing did not come by is read like others: it is not made by the run.
      const found = parent ?? sourceOf(run.manifest, node, call);
      if (found) return shown(found);
      return fail(unansweredSource(run.manifest, node, call));
    },
    function(call: FunctionCall) {
      const found = node.depends_on.flatMap((id) => {
        const one = run.manifest.nodes.get(id);
        return one?.resource_type === 'function' && one.name === call.function ? [one] : [];
      });
      const called =
        found.find((one) => one.package_name === (call.package ?? node.package_name)) ??
        (call.package === undefined ? found[0] : undefined);
      return called ? relationValue(called.relation, run.dialect) : fail(unansweredFunction(run.manifest, node, call));
    },
  };
}

/** Renders free text of a node (hooks, YAML values) in its running scope. */
export function* renderText(
  run: Run,
  node: Node,
  text: string,
  file: string,
  situation: Situation = PUBLIC,
): Generator<Ask, Rendered, unknown> {
  const host = runningHost(
    run.scope,
    subjectOf(run, node, situation, () => {}),
  );
  return yield* render(parseTemplate(text, { file, package: node.package_name }), host);
}

/** As long as before, so that its map holds. */
const withAliases = (rendered: Rendered): Rendered => ({ ...rendered, text: withOneAlias(rendered.text) });

/** Ephemeral models met so far, each compiled once: itself, behind those that it needs. */
type Ephemerals = Map<UniqueId, readonly EphemeralCte[]>;

/** Compiles a text on behalf of `node`; `make` renders it and says which ephemeral parents it used. */
export function* compileWith(
  run: Run,
  node: Node,
  situation: Situation,
  make: (host: Host) => Generator<Ask, Rendered, unknown>,
  ephemerals: Ephemerals = new Map(),
): Generator<Ask, Compiled, unknown> {
  const used = new Map<UniqueId, ModelNode>();
  let header: string | undefined;
  const called = new Set<string>();
  const subject = subjectOf(run, node, situation, (parent) => used.set(parent.unique_id, parent));
  // Of the last rendering: what it asks the warehouse and refers to is known only now.
  const configured: RunningSubject['configured'] = ({ sql_header }) => {
    if (typeof sql_header === 'string') header = sql_header;
  };
  const host = runningHost(situation.given?.scope ?? run.scope, Object.assign(subject, { called, configured }));
  const rendered = withAliases(yield* make(host));
  const ctes = new Map<UniqueId, EphemeralCte>();
  for (const parent of used.values())
    for (const cte of ephemerals.get(parent.unique_id) ?? (yield* compileEphemeral(run, parent, situation, ephemerals)))
      ctes.set(cte.id, cte);
  const list = [...ctes.values()];
  const { sql, origin } = prependCtes(rendered.text, list);
  return {
    sql,
    ctes: list,
    called: [...called],
    ...(header !== undefined && { header }),
    locate(offset) {
      const from = origin(offset);
      return from && (from.cte === undefined ? rendered.map.locate(from.offset) : list[from.cte]?.locate(from.offset));
    },
  };
}

/** An ephemeral model has no batches of its own; as what a batch reads, it is narrowed as a whole. */
const outOfBatch = ({ batch: _, ...rest }: Situation): Situation => rest;

function* compileEphemeral(
  run: Run,
  node: ModelNode,
  situation: Situation,
  ephemerals: Ephemerals,
): Generator<Ask, readonly EphemeralCte[], unknown> {
  let own: Rendered | undefined;
  const make = function* (host: Host): Generator<Ask, Rendered, unknown> {
    own = withAliases(yield* render(parseTemplate(node.raw_code, { file: node.original_file_path, package: node.package_name }), host));
    return own;
  };
  const whole = yield* compileWith(run, node, { ...outOfBatch(situation), isIncremental: false }, make, ephemerals);
  const locate = (offset: number): Location | undefined => own?.map.locate(offset);
  const compiled = [...whole.ctes, { id: node.unique_id, name: cteName(node), sql: own?.text ?? '', whole, locate }];
  ephemerals.set(node.unique_id, compiled);
  return compiled;
}

/** A model, analysis, singular test or question: its file's text; an operation: a text of the project file. */
export const compileNode = (
  run: Run,
  node: Exclude<Node, { resource_type: 'seed' | 'source' | 'exposure' | 'unit_test' }>,
  situation: Situation,
): Generator<Ask, Compiled, unknown> =>
  compileWith(run, node, situation, (host) =>
    render(
      parseTemplate(node.raw_code, {
        file: node.original_file_path,
        package: node.package_name,
        ...(node.resource_type === 'operation' && { at: node.at }),
        ...(node.resource_type === 'snapshot' && { at: node.raw_code_at }),
      }),
      host,
    ),
  );

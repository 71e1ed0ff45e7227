// docs generate: manifest.json, catalog.json with what the warehouse says of the project's relations, and the page that shows both.
// https://docs.getdbt.com/reference/commands/cmd-docs
import { DatabaseError } from '../../adapters/adapter.ts';
import type { TableStat } from '../../adapters/catalog.ts';
import { isRelationNode, type RelationNode, type TestNode, type UniqueId } from '../../core/node.ts';
import type { Problem } from '../../core/problem.ts';
import { type Relation, relationKey } from '../../core/relation.ts';
import type { Row, Statement } from '../../core/statement.ts';
import { catalogEntries, catalogJson, type Described, page, placeKey, siteOf } from '../../site/index.ts';
import { runStarted } from '../announce.ts';
import type { Run } from '../run.ts';
import { compileNodes } from './compile.ts';

const NOTHING: Described = { relations: [], columns: [], stats: new Map() };

const unreadable = (message: string): Problem => ({
  code: 'catalog-unreadable',
  message: `the warehouse does not say what stands in it: ${message}`,
  hint: 'catalog.json has what could be read. To do without: dwh docs generate --empty-catalog',
});

const standsSomewhere = (node: RelationNode): boolean => !(node.resource_type === 'model' && node.materialized === 'ephemeral');

/** Those that stand in the warehouse, or would; and tests, whose failures may be there. */
function documented(run: Run): readonly (RelationNode | TestNode)[] {
  return run.chosen.flatMap((id) => {
    const node = run.manifest.nodes.get(id);
    return node && (node.resource_type === 'test' || (isRelationNode(node) && standsSomewhere(node))) ? [node] : [];
  });
}

/** Two or three questions for all schemas together. */
async function described(run: Run, nodes: readonly (RelationNode | TestNode)[], errors: string[]): Promise<Described> {
  const { catalog, ignoresCase } = run.dialect;
  const places = new Map(
    nodes.map(({ relation: { database, schema } }) => {
      const place: Pick<Relation, 'database' | 'schema'> = { schema, ...(database !== undefined && { database }) };
      return [relationKey({ ...place, identifier: '' }, ignoresCase), place];
    }),
  );
  const schemas = [...places.values()];
  if (schemas.length === 0) return NOTHING;
  const warehouse = await run.openWarehouse();
  try {
    const connection = await warehouse.connect();
    const ask = async (question: Statement): Promise<readonly Row[]> => (await connection.run(question, run.deps.signal)).rows;
    try {
      const relations = await ask(catalog.relations(schemas));
      const columns = await ask(catalog.columns(schemas));
      return { relations, columns, stats: await statsOf(run, schemas, ask) };
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.details.cancelled) throw error;
      errors.push(error.message);
      return NOTHING;
    } finally {
      await connection.close();
    }
  } finally {
    await warehouse.close();
  }
}

async function statsOf(
  run: Run,
  schemas: readonly Pick<Relation, 'database' | 'schema'>[],
  ask: (question: Statement) => Promise<readonly Row[]>,
): Promise<ReadonlyMap<string, readonly TableStat[]>> {
  const { stats } = run.dialect.catalog;
  if (!stats) return new Map();
  try {
    return new Map((await ask(stats.ask(schemas))).map((row) => [placeKey(row[0], row[1]), stats.of(row)]));
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.details.cancelled) throw error;
    run.emit({ type: 'note', level: 'info', message: `The catalog has no figures of tables: ${error.message}` });
    return new Map();
  }
}

export async function docsGenerate(run: Run): Promise<void> {
  const { request, emit, deps, files, credentials } = run;
  const { compile, emptyCatalog, static: asStatic } = request.docs ?? { compile: true, emptyCatalog: false, static: false };
  const finish = (): void => emit({ type: 'run-finished', ms: deps.clock() - request.startedAt, interrupted: deps.signal.aborted });
  if (!compile) emit(runStarted(run, []));
  const compiled = compile ? await compileNodes(run) : new Map<UniqueId, string>();
  if (!compiled) {
    emit({ type: 'note', level: 'info', message: 'No catalog was made: not all of the project could be compiled.' });
    return finish();
  }
  const nodes = emptyCatalog ? [] : documented(run);
  const errors: string[] = [];
  const found = await described(run, nodes, errors);
  const entries = catalogEntries(nodes, found, credentials.database);
  const json = catalogJson(entries, deps.clock(), request, errors);
  files.replace('catalog.json', (out) => out.text(`${run.json(json)}\n`));
  run.writeManifest();
  const html = page(
    siteOf(run.manifest, entries, compiled, (node) =>
      isRelationNode(node) && standsSomewhere(node) ? run.dialect.relationName(node.relation) : undefined,
    ),
    run.json,
  );
  for (const name of ['index.html', ...(asStatic ? ['static_index.html'] : [])]) files.replace(name, (out) => out.text(html));
  emit({
    type: 'note',
    level: 'info',
    message: `Catalog written to ${files.targetPath}/catalog.json, and the page that shows it to index.html beside it`,
  });
  if (errors.length > 0) emit({ type: 'problems', problems: errors.map(unreadable) });
  finish();
}

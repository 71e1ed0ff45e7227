// A model that a materialization block of the project or a package makes: one template, whose statements are one transaction. It
// is public when the template ends; what it did is rolled back when it fails, but for what it commits itself.
// https://docs.getdbt.com/guides/create-new-materializations
import type { TableOptions } from '../../adapters/table-options.ts';
import { type LibraryMacro, RelationValue, type Response, runningHost } from '../../context/index.ts';
import { ConfigReader } from '../../core/config-reader.ts';
import type { ModelNode } from '../../core/node.ts';
import { fail, type Problem, throwIfAny } from '../../core/problem.ts';
import { docsSteps, fillDefined, grantSteps } from '../../materializations/index.ts';
import { bindMacro, callValue, parseTemplate, render, type TemplateValue, text, toTemplate } from '../../template/index.ts';
import type { Callable, Host } from '../../template/types.ts';
import { CHANGES, drive, type Own } from '../answer.ts';
import { Catalog } from '../catalog.ts';
import { type Compiled, type Situation, subjectOf } from '../compile.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';
import { constraintTexts, contractBody, declaredTable, heldContract } from './contract.ts';
import { compileToRun, refreshes, unended } from './model.ts';
import { type Outcome, type Runner, runSteps } from './runner.ts';

/** `render(text)`, as run_hooks calls it: in the node's own scope. */
const renderFunction = (node: ModelNode, host: () => Host): Callable => ({
  kind: 'function',
  name: 'render',
  *call([source]) {
    const template = parseTemplate(text(source ?? ''), { file: node.original_file_path, package: node.package_name });
    return (yield* render(template, host())).text;
  },
});

/** As dbt has it. */
const wordOf = (code: string): { readonly code: string } => ({ code });

/** What the block returns, checked. */
function relationsOf(value: TemplateValue, macro: LibraryMacro): readonly RelationValue[] {
  const relations = value instanceof Map ? value.get('relations') : undefined;
  if (Array.isArray(relations) && relations.every((one) => one instanceof RelationValue)) return relations;
  return fail({
    code: 'materialization-returns',
    at: macro.definition.at,
    message: `the materialization should return the relations that it made, and returned ${value instanceof Map ? 'no list of them' : 'something else'}`,
    hint: "End it with: {{ return({'relations': [this]}) }}",
  });
}

export function customRunner(run: Run, node: ModelNode, macro: LibraryMacro): Runner {
  const { dialect, scope } = run;
  let compiled: Compiled | undefined;
  let situation: Situation | undefined;

  const optionsOf = (): TableOptions => {
    const problems: Problem[] = [];
    const options = dialect.tableOptions(new ConfigReader(node.config, { locate: () => node.at, problems }), node.columns);
    throwIfAny(problems);
    return options;
  };

  const made = async (ask: Extract<Parameters<Own>[0], { ask: 'make' }>, options: TableOptions, session: Session) => {
    const { what, relation, sql } = ask;
    const { materializedViews } = dialect;
    switch (what) {
      case 'table': {
        const contract = node.contract ? await heldContract(run, node, sql, session) : undefined;
        if (contract?.warnings.length) run.emit({ type: 'problems', problems: contract.warnings });
        const table = contract && (contract.table ?? (await declaredTable(run, node, session)).table);
        if (table) return [...dialect.defineTable(relation, table, options), fillDefined(relation, table, sql, dialect)];
        // What the statement itself needs of the query's columns is for those materializations that may ask first.
        return dialect.createTableAs(relation, sql, options);
      }
      case 'view':
        if (node.contract) await heldContract(run, node, sql, session);
        return dialect.createView(relation, sql, options);
      case 'materialized view':
      case 'refresh':
        if (materializedViews)
          return what === 'refresh' ? materializedViews.refresh(relation, options) : materializedViews.create(relation, sql, options);
        return fail({ code: 'materialization-unsupported', at: macro.definition.at, message: `${dialect.name} has no materialized views` });
    }
  };

  /** Answers what only a materialization may ask. */
  const ownAnswers = (options: TableOptions, catalog: Catalog, commit: () => Promise<void>): Own => {
    const adorn = async (ask: Extract<Parameters<Own>[0], { ask: 'adorn' }>, session: Session): Promise<void> => {
      const { relation } = ask;
      const state = (await catalog.get(relation, session.connection)) ?? { relation, kind: 'table' };
      if (ask.what === 'indexes') {
        const { stage, publish } = dialect.furnish(relation, relation, options);
        for (const sql of [...stage, ...publish]) await session.run(sql);
      } else if (ask.what === 'grants') {
        const granting = { ...node, relation, config: { ...node.config, grants: ask.grants } };
        await runSteps(grantSteps(granting, await session.connection.rights(relation), dialect), session);
      } else {
        const columns = session.prints ? undefined : await session.connection.columns(relation);
        const described = { ...node, config: { ...node.config, persist_docs: ask.docs } };
        await runSteps(docsSteps(described, state, columns, options, dialect), session);
      }
    };
    return async (ask, session) => {
      switch (ask.ask) {
        case 'commit':
          return { reply: await commit() };
        case 'make':
          return { reply: (await made(ask, options, session)).map(({ sql }) => sql).join(';\n') };
        case 'contract':
          return { reply: void (await heldContract(run, node, ask.sql, session)) };
        case 'contract-body':
          return { reply: await contractBody(run, node, options, session) };
        case 'constraints':
          return { reply: await constraintTexts(run, node, ask, session) };
        case 'adorn':
          return { reply: await adorn(ask, session) };
        default:
          return undefined;
      }
    };
  };

  async function materialize(session: Session): Promise<Outcome> {
    if (!compiled || !situation) throw new Error(`${node.unique_id} was published before it was compiled`);
    const responses = new Map<string, Response>();
    const sql = unended(compiled.sql);
    let host: Host | undefined;
    const more = {
      sql,
      compiled_code: sql,
      pre_hooks: toTemplate(node.pre_hooks.map(({ sql: hook, transaction }) => ({ sql: hook, transaction }))),
      post_hooks: toTemplate(node.post_hooks.map(({ sql: hook, transaction }) => ({ sql: hook, transaction }))),
      render: renderFunction(node, () => host ?? fail({ code: 'template-value', message: 'render() has nothing to render in' })),
    };
    const subject = subjectOf(run, node, { ...situation, more }, () => {});
    host = runningHost(scope, { ...subject, heard: (name, response) => responses.set(name, response) });
    const hand = session.byHand();
    let refused: StatementError | undefined;
    const inside: Session = {
      ...session,
      async run(statement) {
        try {
          return await session.run(statement);
        } catch (error) {
          if (error instanceof StatementError) refused = error;
          throw error;
        }
      },
    };
    // Relations of a transaction that is open are nobody else's.
    const catalog = new Catalog(dialect.ignoresCase);
    const options = optionsOf();
    const answers = ownAnswers(options, catalog, hand.commit);
    /** Whatever changes something begins the transaction, but for what is said to stand outside of it. */
    const own: Own = async (ask, opened) => {
      if (ask.ask === 'adorn' || (ask.ask === 'run' && !ask.outside && CHANGES.test(ask.sql))) await hand.begin();
      return answers(ask, opened);
    };
    try {
      const site = { at: macro.definition.at, package: macro.package, stack: [] };
      const returned = await drive(callValue(bindMacro(macro.definition, host), [], new Map(), site), async () => inside, catalog, own);
      const relations = relationsOf(returned, macro);
      const main = responses.get('main');
      if (!main)
        return fail({
          code: 'materialization-without-main',
          at: macro.definition.at,
          message: 'the materialization ran no statement that is called main',
          hint: "Run what makes the relation in: {% call statement('main') %}…{% endcall %}",
        });
      await hand.commit();
      return {
        status: 'success',
        message: main.message,
        adapterResponse: {
          _message: main.message,
          ...(main.word !== null && wordOf(main.word)),
          ...(main.rows !== null && { rows_affected: main.rows }),
        },
        warnings: [],
        relationName: dialect.relationName(relations[0]?.relation ?? node.relation),
      };
    } catch (error) {
      await hand.rollback();
      // A mistake of the model is shown at its own line, one of the block where it stands.
      throw refused && compiled && refused.statement.sql.includes(sql) ? refused : error;
    } finally {
      run.catalog.forget();
    }
  }

  return {
    compiled: () => compiled,
    async stage(session) {
      const existing = await run.catalog.get(node.relation, session.connection);
      const isIncremental = node.materialized === 'incremental' && existing?.kind === 'table' && !refreshes(run, node);
      situation = { isIncremental, candidates: new Map() };
      compiled = await compileToRun(run, node, situation, session);
      return undefined;
    },
    publish: materialize,
    async discard() {},
  };
}

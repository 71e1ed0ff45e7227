// The nodes of a project, each compiled as a first run and as later ones would have it → what the linter finds, at the nodes' own
// lines.
import type { Node } from '../../core/node.ts';
import { DwhError, type Problem } from '../../core/problem.ts';
import { splitStatements } from '../../lint/redshift/statements.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC, renderText } from '../compile.ts';
import { compileTest } from '../nodes/test.ts';
import { problemOf } from '../problems.ts';
import type { Run } from '../run.ts';
import { byPlace, type LintEntry, type PlacedFinding } from './entry.ts';
import { lintCompiled, lintHook, type NodeFinding } from './node.ts';

export interface LintedNode {
  readonly node: Node;
  readonly entry: LintEntry;
  /** Of each text that the node compiles to. */
  readonly texts: readonly { readonly compiled: Compiled; readonly findings: readonly NodeFinding[] }[];
}

export interface LintedProject {
  readonly nodes: readonly LintedNode[];
  readonly problems: readonly Problem[];
}

/** Of a first run, then of later ones where these differ. */
async function compiledTexts(run: Run, node: Node): Promise<readonly Compiled[]> {
  if (!('raw_code' in node)) return [];
  if (node.resource_type === 'test') return [await drive(compileTest(run, node, PUBLIC), undefined, run.catalog)];
  const first = await drive(compileNode(run, node, PUBLIC), undefined, run.catalog);
  if (node.resource_type !== 'model' || node.materialized !== 'incremental') return [first];
  const later = await drive(compileNode(run, node, { ...PUBLIC, isIncremental: true }), undefined, run.catalog);
  return later.sql === first.sql ? [first] : [first, later];
}

async function lintHooks(run: Run, node: Node): Promise<readonly NodeFinding[]> {
  const found: NodeFinding[] = [];
  for (const hook of 'pre_hooks' in node ? [...node.pre_hooks, ...node.post_hooks] : []) {
    const { text } = await drive(renderText(run, node, hook.sql, node.original_file_path), undefined, run.catalog);
    if (text.trim() !== '') found.push(...(await lintHook(run, text, hook.transaction)));
  }
  return found;
}

export async function lintProject(run: Run): Promise<LintedProject> {
  const nodes: LintedNode[] = [];
  const problems: Problem[] = [];
  const asking: Node[] = [];
  // Hooks of the project are chosen by nobody.
  const { select, selector, exclude } = run.request.selection;
  const all = select.length === 0 && exclude.length === 0 && selector === undefined;
  const operations = all ? [...run.manifest.nodes.values()].filter((node) => node.resource_type === 'operation') : [];
  for (const id of [...run.chosen, ...operations.map(({ unique_id }) => unique_id)]) {
    const node = run.manifest.nodes.get(id);
    if (!node) continue;
    try {
      const texts = await compiledTexts(run, node);
      const linted = await Promise.all(texts.map(async (compiled) => ({ compiled, findings: await lintCompiled(run, node, compiled) })));
      const hooks = await lintHooks(run, node);
      const [first] = texts;
      if (first && first.sql.trim() !== '')
        nodes.push({
          node,
          texts: linted,
          entry: entryOf(node, first, [...linted.flatMap((one) => one.findings), ...hooks]),
        });
    } catch (error) {
      if (error instanceof DwhError && error.problems[0].code === 'needs-warehouse') asking.push(node);
      else problems.push(problemOf(error, { node, compiled: undefined, compiledPath: undefined, projectDir: run.request.projectDir }));
    }
  }
  return { nodes, problems: [...problems, ...notLooked(asking)] };
}

/** A finding that two texts share is said once. */
function entryOf(node: Node, compiled: Compiled, found: readonly NodeFinding[]): LintEntry {
  const file = node.original_file_path;
  const placed = new Map<string, PlacedFinding>();
  for (const { finding, at } of found) {
    const { rule, severity, rewrite, url } = finding;
    // An ephemeral model's text is part of it.
    const elsewhere = at !== undefined && at.file !== file;
    const { line, column } = at === undefined || elsewhere ? node.at : at;
    const message = elsewhere ? `in ${at.file}:${at.line}:${at.column}: ${finding.message}` : finding.message;
    placed.set(`${line}:${column} ${rule} ${message}`, {
      rule,
      severity,
      line,
      column,
      message,
      url,
      ...(rewrite !== undefined && { rewrite }),
    });
  }
  const findings = [...placed.values()].sort(byPlace);
  const [first] = splitStatements(compiled.sql);
  // Before it may stand what dwh wrote, and what comes from other files.
  const begins = first?.tokens.map(({ start }) => compiled.locate(start)).find((at) => at?.file === file);
  return {
    file,
    line: begins?.line ?? node.at.line,
    refused: findings.some(({ severity }) => severity === 'error'),
    findings,
  };
}

function notLooked(nodes: readonly Node[]): readonly Problem[] {
  if (nodes.length === 0) return [];
  const names = nodes.map(({ unique_id }) => unique_id);
  return [
    {
      code: 'lint-not-compiled',
      severity: 'warning',
      message:
        nodes.length === 1
          ? 'a node asks the warehouse while it is compiled, and was not looked at'
          : `${nodes.length} nodes ask the warehouse while they are compiled, and were not looked at`,
      detail: names,
    },
  ];
}

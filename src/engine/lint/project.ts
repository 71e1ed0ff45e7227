// The nodes of a project, each compiled as a first run and as later ones would have it → what the linter finds, at the nodes' own
// lines.
import type { Node } from '../../core/node.ts';
import { DwhError, type Problem } from '../../core/problem.ts';
import { splitStatements } from '../../lint/redshift/statements.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC } from '../compile.ts';
import { compileTest } from '../nodes/test.ts';
import { problemOf } from '../problems.ts';
import type { Run } from '../run.ts';
import { byPlace, type LintEntry, type PlacedFinding } from './entry.ts';
import { lintCompiled, type NodeFinding } from './node.ts';

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

export async function lintProject(run: Run): Promise<LintedProject> {
  const nodes: LintedNode[] = [];
  const problems: Problem[] = [];
  const asking: Node[] = [];
  for (const id of run.chosen) {
    const node = run.manifest.nodes.get(id);
    if (!node) continue;
    try {
      const texts = await compiledTexts(run, node);
      const linted = await Promise.all(texts.map(async (compiled) => ({ compiled, findings: await lintCompiled(run, node, compiled) })));
      const [first] = texts;
      if (first && first.sql.trim() !== '')
        nodes.push({
          node,
          texts: linted,
          entry: entryOf(
            node,
            first,
            linted.flatMap((one) => one.findings),
          ),
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
  const begins = first && compiled.locate(first.start);
  return {
    file,
    line: begins && begins.file === file ? begins.line : node.at.line,
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
      message: `${nodes.length} of the nodes ask the warehouse while they are compiled, and were not looked at`,
      detail: names,
    },
  ];
}

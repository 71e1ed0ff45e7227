// Before a node's SQL runs on a warehouse whose grammar is known: what it would refuse stops the node, in its own file and line.
import type { Location } from '../../core/location.ts';
import type { Node } from '../../core/node.ts';
import { fail, type Problem } from '../../core/problem.ts';
import { UNRECOGNISED } from '../../lint/linter.ts';
import type { Finding } from '../../lint/redshift/finding.ts';
import type { Compiled } from '../compile.ts';
import type { Run } from '../run.ts';
import { lintCompiled, lintHook, type NodeFinding } from './node.ts';

function problemOf(finding: Finding, at: Location, severity: 'error' | 'warning'): Problem {
  const { rule, message, rewrite, url } = finding;
  return {
    code: isUnsure(finding) ? 'lint-unrecognised' : 'lint-refused',
    severity,
    at,
    message: isUnsure(finding) ? `Redshift may refuse this: ${message}` : `Redshift would refuse this (${rule}): ${message}`,
    detail: [url],
    hint: rewrite ?? `Nothing was run. To run it all the same: 'lint: off' in the target of profiles.yml, or correct it; see: dwh lint.`,
  };
}

/** The grammar may lack something, a function may be one of the users' own, and a server may do what its page says it does not. */
const isUnsure = ({ rule, rewrite, doubtful }: Finding): boolean =>
  rule === UNRECOGNISED || (rule === 'unknown-function' && rewrite === undefined) || doubtful === true;

/** Throws DwhError; warns of what is not stopped for. */
export async function lintBeforeRun(run: Run, node: Node, compiled: Compiled): Promise<void> {
  if ((run.credentials.lint ?? 'off') !== 'off') judge(run, node, await lintCompiled(run, node, compiled));
}

function judge(run: Run, node: Node, found: readonly NodeFinding[]): void {
  for (const { finding, at = node.at } of found) {
    if (finding.severity === 'warning') continue;
    if (run.credentials.lint === 'strict' || !isUnsure(finding)) fail(problemOf(finding, at, 'error'));
    run.scope.warn(problemOf(finding, at, 'warning'));
  }
}

/** A hook's text, which may be any number of statements. */
export async function lintHookBeforeRun(run: Run, node: Node, sql: string, inTransaction: boolean): Promise<void> {
  if ((run.credentials.lint ?? 'off') !== 'off') judge(run, node, await lintHook(run, sql, inTransaction));
}

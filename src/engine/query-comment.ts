// The comment that every statement of a node carries, so that whoever reads the warehouse's own logs can tell where it came
// from: the default is JSON, query-comment in the project file is a template of the project's own.
// https://docs.getdbt.com/reference/project-configs/query-comment
import { runningHost } from '../context/index.ts';
import { DBT_VERSION } from '../core/artifact-metadata.ts';
import type { Location } from '../core/location.ts';
import type { Node } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { parseTemplate, recordToTemplate, renderNow } from '../template/index.ts';
import { PUBLIC, subjectOf } from './compile.ts';
import { manifestNode } from './node-json.ts';
import type { Run } from './run.ts';
import type { QueryComment } from './with-comment.ts';

function defaultText({ scope: { target, version } }: Run, node: Node): string {
  const { profile_name, target_name } = target;
  return JSON.stringify({ app: 'dwh', dwh_version: version, dbt_version: DBT_VERSION, profile_name, target_name, node_id: node.unique_id });
}

const [HEAD, TAIL] = ['{%- macro query_comment_text() -%}', '{%- endmacro -%}{{- query_comment_text() -}}'];

/** A text as the body of a macro, so that `return` is at home in it. */
function renderedText(run: Run, node: Node, template: string, at: Location): string {
  const host = runningHost(run.scope, {
    ...subjectOf(run, node, PUBLIC, () => {}),
    more: { connection_name: node.unique_id, node: recordToTemplate(manifestNode(node, run.dialect)) },
  });
  const place = { file: at.file, package: run.manifest.project_name };
  // By itself first: what is wrong with its language is told without the words around it.
  parseTemplate(template, { ...place, at });
  const wrapped = parseTemplate(`${HEAD}${template}${TAIL}`, { ...place, at: { ...at, column: at.column - HEAD.length } });
  return renderNow(wrapped, host).text;
}

/** Throws DwhError for a text that no comment can hold. */
export function queryComment(run: Run, node: Node): QueryComment | undefined {
  const { commented } = run;
  if (!commented) return undefined;
  const { template, append, at } = commented;
  const text = (template === undefined ? defaultText(run, node) : renderedText(run, node, template, at)).trim();
  if (text === '') return undefined;
  const mark = text.includes('*/') ? '*/' : text.includes('/*') ? '/*' : undefined;
  if (mark !== undefined) {
    fail({
      code: 'query-comment',
      at,
      message: `the query comment of ${node.unique_id} has '${mark}' in it, where the comment would end or another begin: ${text}`,
      hint: 'Take it out, or replace it in the template.',
    });
  }
  return { text: `/* ${text} */`, behind: append };
}

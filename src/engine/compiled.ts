// What was compiled in this run: target/compiled/, and the compiled parts that manifest.json has of a node.
import type { Node, UniqueId } from '../core/node.ts';
import type { Files } from './files.ts';

export interface CompiledText {
  readonly sql: string;
  /** Macros. */
  readonly called: readonly string[];
  /** Ephemeral models that it carries. */
  readonly ctes: readonly { readonly id: UniqueId; readonly name: string; readonly sql: string }[];
}

/** Ephemeral models with what they carry themselves. */
interface Compiled extends CompiledText {
  readonly ctes: readonly (CompiledText['ctes'][number] & { readonly whole: CompiledText })[];
}

/** By unique_id; ephemeral models among them, as soon as a node carries them. */
export type CompiledNodes = Map<UniqueId, CompiledText>;

interface Keeping {
  readonly files: Pick<Files, 'writeCompiled'>;
  readonly compiled: CompiledNodes;
}

/** `batch`: of a model that is made in parts, which one. */
export function keepCompiled({ files, compiled: kept }: Keeping, node: Node, compiled: Compiled, batch?: string): void {
  files.writeCompiled(node, compiled.sql, batch);
  kept.set(node.unique_id, onlyText(compiled));
  for (const cte of compiled.ctes) kept.set(cte.id, onlyText(cte.whole));
}

/** Not what a node's own template and names are, for thousands of nodes: they hang at the way from its SQL back to them. */
const onlyText = ({ sql, called, ctes }: CompiledText): CompiledText => ({
  sql,
  called,
  ctes: ctes.map(({ id, name, sql: body }) => ({ id, name, sql: body })),
});

export const compiledJson = ({ sql, ctes, called }: CompiledText, node: Node, path: string): Readonly<Record<string, unknown>> => ({
  ...(called.some((id) => !node.depends_on_macros.includes(id)) && {
    depends_on: { macros: [...new Set([...node.depends_on_macros, ...called])], nodes: node.depends_on },
  }),
  compiled: true,
  compiled_code: sql,
  compiled_path: path,
  extra_ctes_injected: true,
  extra_ctes: ctes.map(({ id, name, sql: body }) => ({ id, sql: ` ${name} as (\n${body}\n)` })),
});

// Repairs of compiled text → edits of the files that it was compiled from, where the two are the same text word for word. What a
// template made is left alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from '../../core/location.ts';
import type { Edit, Repair } from '../../lint/redshift/finding.ts';
import { edited } from '../../lint/repairs/apply.ts';
import type { Compiled } from '../compile.ts';
import type { LintedNode } from './project.ts';

/** Returns how many repairs were written. */
export function repairSources(nodes: readonly LintedNode[], projectName: string, projectDir: string): number {
  const byFile = new Map<string, Set<string>>();
  const sources = new Map<string, string>();
  let made = 0;
  for (const { node, texts } of nodes) {
    const file = node.original_file_path;
    const path = join(projectDir, file);
    // Packages are not the project's to change; a generic test's text is a call that dwh wrote.
    if (
      node.package_name !== projectName ||
      node.resource_type === 'operation' ||
      (node.resource_type === 'test' && node.test_kind === 'generic')
    )
      continue;
    const source = sources.get(path) ?? readSource(path);
    if (source === undefined || !('raw_code' in node) || !source.includes(node.raw_code)) continue;
    sources.set(path, source);
    for (const { compiled, findings } of texts)
      for (const { finding, shift } of findings) {
        const edits = finding.repair && inSource(finding.repair, shift, compiled, file, source);
        if (!edits) continue;
        const key = JSON.stringify(edits);
        const known = byFile.get(path) ?? new Set();
        byFile.set(path, known);
        // Rendered twice, written once.
        if (known.has(key) || touches(edits, [...known])) continue;
        known.add(key);
        made++;
      }
  }
  for (const [path, repairs] of byFile)
    writeFileSync(
      path,
      edited(
        sources.get(path) ?? '',
        [...repairs].flatMap((one) => JSON.parse(one) as Edit[]),
      ),
    );
  return made;
}

function readSource(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const touches = (edits: readonly Edit[], others: readonly string[]): boolean =>
  others.some((other) => (JSON.parse(other) as Edit[]).some((a) => edits.some((b) => a.start < b.end && b.start < a.end)));

/** undefined: the construct does not stand there as it was compiled. */
function inSource({ start, end, edits }: Repair, shift: number, compiled: Compiled, file: string, source: string): Edit[] | undefined {
  const text = compiled.sql.slice(start + shift, end + shift);
  const from = offsetOf(compiled.locate(start + shift), file, source);
  const last = offsetOf(compiled.locate(end + shift - 1), file, source);
  if (from === undefined || last !== from + text.length - 1 || source.slice(from, from + text.length) !== text) return undefined;
  return edits.map((edit) => ({ start: edit.start - start + from, end: edit.end - start + from, text: edit.text }));
}

function offsetOf(at: Location | undefined, file: string, source: string): number | undefined {
  if (!at || at.file !== file) return undefined;
  let offset = 0;
  for (let line = 1; line < at.line; line++) {
    const next = source.indexOf('\n', offset);
    if (next < 0) return undefined;
    offset = next + 1;
  }
  return offset + at.column - 1;
}

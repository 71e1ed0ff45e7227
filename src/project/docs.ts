// Docs blocks, `{% docs name %}` in Markdown files, and descriptions, which may show them: `{{ doc('name') }}`.
// https://docs.getdbt.com/docs/build/documentation
import { textHost } from '../context/index.ts';
import type { TextScope } from '../context/types.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import type { DocEntry } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { parseTemplate, renderNow } from '../template/index.ts';
import type { Block, Callable, Host, TemplateValue } from '../template/types.ts';
import type { ReadLog } from './reads.ts';
import { hasJinja, renderText, type TextPlace } from './render-text.ts';
import type { PackageFiles, SourceFile } from './types.ts';

export interface Described {
  /** Rendered; '' when there is none. */
  readonly description: string;
  /** Unique ids, in the order of their use. Absent: none. */
  readonly doc_blocks?: readonly string[];
}

/** The text at a key of an entry. */
export type Describe = (reader: ConfigReader, key: string) => Described;

/** Two blocks of one name in a package are a mistake; the later one is left out. */
export function readDocs(packages: readonly PackageFiles[], problems: Problem[]): readonly DocEntry[] {
  const found = new Map<string, { readonly doc: DocEntry; readonly at: Location }>();
  for (const { name: packageName, files } of packages) {
    for (const { source, below } of files.docs) {
      try {
        for (const block of blocksOf(source, packageName)) {
          const unique_id = `doc.${packageName}.${block.name}`;
          const before = found.get(unique_id)?.at;
          if (before) {
            problems.push({
              code: 'described-twice',
              message: `the docs block '${block.name}' is there twice: here and at ${before.file}:${before.line}`,
              at: block.at,
              hint: 'Rename or remove one of them.',
            });
            continue;
          }
          const place = { file: source.file, package: packageName, locate: () => block.at };
          const doc: DocEntry = {
            unique_id,
            name: block.name,
            package_name: packageName,
            path: below,
            original_file_path: source.path,
            block_contents: shown(block.inner, place),
          };
          found.set(unique_id, { doc, at: block.at });
        }
      } catch (error) {
        if (!(error instanceof DwhError)) throw error;
        problems.push(...error.problems);
      }
    }
  }
  return [...found.values()].map(({ doc }) => doc);
}

function blocksOf(source: SourceFile, packageName: string): readonly Block[] {
  const text = source.text();
  // Other texts may show templates, whole or not.
  if (!/\{%-?\s*docs\b/.test(text)) return [];
  return parseTemplate(text, { file: source.file, package: packageName }).blocks.filter((block) => block.kind === 'docs');
}

/** As in dbt a template that knows no names; what is none, because it shows templates, stays as it is written. */
function shown(text: string, place: TextPlace): string {
  try {
    return String(renderText(text, NO_NAMES, place, [])).trim();
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    return text.trim();
  }
}

const NO_NAMES: Host = { resolve: () => undefined, names: () => [] };

/** A package's own docs come first, then the root's, then any. */
export function describer(
  scope: TextScope,
  log: ReadLog,
  docs: ReadonlyMap<string, DocEntry>,
  packageName: string,
  problems: Problem[],
): Describe {
  const used: string[] = [];
  const doc = docFunction(docs, packageName, scope.projectName, (id) => used.push(id));
  const host: Host = log.watch(textHost(scope, { more: { doc } }));
  return (reader, key) => {
    const text = reader.string(key) ?? '';
    if (!hasJinja(text)) return { description: text };
    used.length = 0;
    const at = reader.at(key) ?? { file: '', line: 1, column: 1 };
    try {
      const description = renderNow(parseTemplate(text, { file: at.file, package: packageName, at }), host).text;
      return { description, ...(used.length > 0 && { doc_blocks: [...used] }) };
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      problems.push(...error.problems);
      return { description: text };
    }
  };
}

function docFunction(docs: ReadonlyMap<string, DocEntry>, packageName: string, root: string, use: (id: string) => void): Callable {
  const find = (name: string, from: string | undefined): DocEntry | undefined => {
    for (const one of from === undefined ? [packageName, root] : [from]) {
      const doc = docs.get(`doc.${one}.${name}`);
      if (doc) return doc;
    }
    return from === undefined ? [...docs.values()].find((doc) => doc.name === name) : undefined;
  };
  return {
    kind: 'function',
    name: 'doc',
    call(args: readonly TemplateValue[]) {
      const [first, second] = args;
      const name = second === undefined ? first : second;
      const doc = find(String(name), second === undefined ? undefined : String(first));
      if (doc) {
        use(doc.unique_id);
        return doc.block_contents;
      }
      const near = nearestName(
        String(name),
        [...docs.values()].map((one) => one.name),
      );
      throw new DwhError([
        {
          code: 'doc-not-found',
          message: `there is no docs block '${String(name)}'`,
          hint: near ? `Did you mean doc('${near}')?` : `Write one in a Markdown file: {% docs ${String(name)} %} … {% enddocs %}`,
        },
      ]);
    },
  };
}

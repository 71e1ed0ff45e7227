// README.md and the pages of docs/, cut into what tests look at: fenced blocks, headings, links, code in the text.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../support/shared.ts';

export interface Block {
  /** Of its first line within the page. */
  readonly line: number;
  /** 'sh', 'text', …; '' when the fence names none. */
  readonly language: string;
  readonly text: string;
  /** What a comment directly above the fence says: <!-- exit status: 1 -->. */
  readonly note: string | undefined;
}

export interface Page {
  /** Relative to the repository. */
  readonly file: string;
  readonly blocks: readonly Block[];
  /** The lines outside of blocks, with their numbers. */
  readonly prose: readonly { readonly line: number; readonly text: string }[];
}

function pageOf(file: string, text: string): Page {
  const blocks: Block[] = [];
  const prose: { line: number; text: string }[] = [];
  let open: { language: string; from: number; note: string | undefined } | undefined;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (!fence) {
      if (!open) prose.push({ line: index + 1, text: line });
    } else if (open) {
      blocks.push({ line: open.from + 1, language: open.language, text: lines.slice(open.from, index).join('\n'), note: open.note });
      open = undefined;
    } else {
      const note = /^<!-- (.*) -->$/.exec(lines[index - 1] ?? '')?.[1];
      open = { language: fence[1] ?? '', from: index + 1, note };
    }
  }
  if (open) throw new Error(`${file}:${open.from}: a block without an end`);
  return { file, blocks, prose };
}

export const pages: readonly Page[] = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(repoRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
].map((file) => pageOf(file, readFileSync(join(repoRoot, file), 'utf8')));

/** Code within the text: `like this`, and over the end of a line. */
export function codeIn({ prose }: Page): readonly { readonly line: number; readonly code: string }[] {
  const text = prose.map((one) => one.text).join('\n');
  return [...text.matchAll(/`((?:[^`\n]|\n(?!\n))+)`/g)].map(({ index, 1: code = '' }) => ({
    line: prose[text.slice(0, index).split('\n').length - 1]?.line ?? 0,
    code: code.replaceAll('\\|', '|').replaceAll('\n', ' '),
  }));
}

/** As GitHub makes an anchor of a heading. */
export const anchorsOf = (page: Page): readonly string[] =>
  page.prose.flatMap(({ text }) => {
    const heading = /^#+ (.*)$/.exec(text)?.[1];
    return heading === undefined
      ? []
      : [
          heading
            .toLowerCase()
            .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
            .trim()
            .replaceAll(' ', '-'),
        ];
  });

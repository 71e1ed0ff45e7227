import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repoRoot } from '../support/shared.ts';
import { anchorsOf, pages } from './pages.ts';

const test = suite('docs: links');

interface Link {
  readonly from: string;
  readonly to: string;
}

const links: readonly Link[] = pages.flatMap(({ file, prose }) =>
  prose.flatMap(({ line, text }) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => ({ from: `${file}:${line}`, to })),
  ),
);

test('every link within the repository leads to a file, and to a heading of it', () => {
  const wrong = links.flatMap(({ from, to }) => {
    if (/^[a-z]+:/.test(to)) return [];
    const [path = '', anchor] = to.split('#');
    const [page = ''] = from.split(':');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(repoRoot, target))) return [`${from}: there is no ${target}`];
    if (anchor === undefined) return [];
    const headings = pages.filter(({ file }) => file === target).flatMap(anchorsOf);
    return headings.includes(anchor) ? [] : [`${from}: ${target} has no heading #${anchor}`];
  });
  assert.equal(wrong, []);
});

test('every page is reached from README.md', () => {
  const linked = new Set(['README.md']);
  for (;;) {
    const before = linked.size;
    for (const { from, to } of links) {
      const [page = ''] = from.split(':');
      if (linked.has(page)) linked.add(normalize(join(dirname(page), to.replace(/#.*/, ''))));
    }
    if (linked.size === before) break;
  }
  assert.equal(
    pages.map(({ file }) => file).filter((file) => !linked.has(file)),
    [],
  );
});

test('links to elsewhere are https', () => {
  assert.equal(
    links.filter(({ to }) => /^[a-z]+:/.test(to) && !to.startsWith('https://')),
    [],
  );
});

test.run();

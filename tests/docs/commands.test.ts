// The commands of README.md and docs/ do what the pages say: every block of shell runs, ends with the exit status that the
// page names (0 when it names none), and prints what the block of text behind it shows. Above a block the source of a page may
// say <!-- exit status: 1 -->, or <!-- not run: why -->: then the block is reported as skipped.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skipUnless } from '../support/skip.ts';
import { type Page, pages } from './pages.ts';
import { servers } from './servers.ts';
import { type Shell, shell } from './shell.ts';

const test = suite('docs: commands');

/** What a reader types, and what the page says that comes of it. */
interface Session {
  readonly line: number;
  readonly script: string;
  readonly exit: number;
  readonly shown: string;
  /** Why it is not run. */
  readonly skipped?: string;
}

function sessionsOf(page: Page): readonly Session[] {
  const { file, blocks } = page;
  return blocks.flatMap((block, index): Session[] => {
    const { line, language, text, note } = block;
    if (language === 'console') return [{ line, ...typed(text), exit: 0 }];
    if (language !== 'sh') return [];
    const exit = /^exit status: (\d+)$/.exec(note ?? '')?.[1];
    const skipped = /^not run: (.+)$/.exec(note ?? '')?.[1];
    if (note !== undefined && (exit ?? skipped) === undefined) throw new Error(`${file}:${line}: the note '${note}' is not understood`);
    return [{ line, script: text, exit: Number(exit ?? 0), shown: outputBehind(page, index), ...(skipped !== undefined && { skipped }) }];
  });
}

/** `$ dwh build`, and below it what it prints. */
function typed(text: string): { readonly script: string; readonly shown: string } {
  const lines = text.split('\n');
  return {
    script: lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])).join('\n'),
    shown: lines.filter((line) => !line.startsWith('$ ')).join('\n'),
  };
}

/** The next block, when it is one of text in the same section. */
function outputBehind({ blocks, prose }: Page, index: number): string {
  const [from, next] = [blocks[index]?.line ?? 0, blocks[index + 1]];
  if (next?.language !== 'text') return '';
  return prose.some(({ line, text }) => line > from && line < next.line && text.startsWith('#')) ? '' : next.text;
}

/** Times, the numbers of nodes that start when they may, and the dots between differ from run to run. */
const settled = (line: string): string =>
  line
    .trim()
    .replace(/^\d+ of (?=\d+ )/, 'N of ')
    .replaceAll(/\bin \d+\.\d\ds/g, 'in 0.00s')
    .replaceAll(/\.{3,}/g, '...');

/** Lines of `shown` that are not in `printed`; '…' is anything within a line, and any lines when it stands alone. */
function missing(shown: string, printed: string): readonly string[] {
  const lines = new Set(printed.split('\n').map(settled));
  return shown.split('\n').filter((line) => {
    const wanted = settled(line);
    if (wanted === '' || wanted === '…' || lines.has(wanted)) return false;
    if (!wanted.includes('…')) return true;
    const pattern = new RegExp(
      `^${wanted
        .split('…')
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    );
    return ![...lines].some((one) => pattern.test(one));
  });
}

async function check(place: string, { script, exit, shown }: Session, at: Shell): Promise<void> {
  const { code, stdout } = await at.run(script);
  assert.is(code, exit, `${place} ended with ${code}:\n${script}\n${stdout}`);
  const lost = missing(shown, stdout);
  assert.equal(lost, [], `${place} shows lines that are not printed:\n${lost.join('\n')}\n\nprinted:\n${stdout}`);
}

/** Pages whose commands go to other warehouses, from the profile that ships. */
const ON_SERVERS = ['docs/from-laptop-to-redshift.md'];

async function onServers(work: (at: Shell) => Promise<void>): Promise<void> {
  const { env, profile, close } = await servers();
  try {
    const at = shell(env);
    const file = join(at.dir, 'profiles.example.yml');
    writeFileSync(file, profile(readFileSync(file, 'utf8')));
    await work(at);
  } finally {
    await close();
  }
}

const withCommands = pages.map((page) => ({ file: page.file, sessions: sessionsOf(page) })).filter(({ sessions }) => sessions.length > 0);

for (const { file, sessions } of withCommands) {
  for (const { line, skipped } of sessions) if (skipped !== undefined) skipUnless(false, skipped, test)(`${file}:${line}`, () => {});
  test(file, async () => {
    const follow = async (at: Shell): Promise<void> => {
      for (const session of sessions) if (session.skipped === undefined) await check(`${file}:${session.line}`, session, at);
      if (file === 'README.md') assert.equal(at.npm(), ['ci', 'ci', 'test']);
    };
    await (ON_SERVERS.includes(file) ? onServers(follow) : follow(shell()));
  });
}

test('each block says what it is, and commands stand in blocks that are run', () => {
  const wrong = pages.flatMap(({ file, blocks }) =>
    blocks.flatMap(({ line, language, text }) =>
      /^(?:|bash|shell|zsh)$/.test(language) || (language === 'text' && /^\$ /m.test(text)) ? [`${file}:${line}`] : [],
    ),
  );
  assert.equal(wrong, []);
});

test('what is compared: names and counts, not times and places in the order', () => {
  const printed = ' 1 of 12 OK load of a.b ... [LOAD (7 rows of 2 files) in 1.23s]\nDone. PASS=12';
  assert.equal(missing('3 of 12 OK load of a.b ......... [LOAD (7 rows of 2 files) in 0.10s]\n…\nDone. PASS=12', printed), []);
  assert.equal(missing('1 of 12 OK load of a.b ... […]', printed), []);
  assert.equal(missing('1 of 12 OK load of a.b ... [LOAD (8 rows of 2 files) in 1.23s]', printed).length, 1);
  assert.equal(missing('1 of 13 OK load of a.b ... [LOAD (7 rows of 2 files) in 1.23s]', printed).length, 1);
  assert.equal(missing('Done. PASS=1', printed).length, 1);
});

test.run();

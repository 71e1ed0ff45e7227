// Which files a load takes: new, changed, touched, gone; on_change and mode.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListedFile, LoadedFile } from '../../src/core/copy.ts';
import { decide, needsContent } from '../../src/loading/index.ts';
import { hasProblem } from '../support/rejects.ts';
import { at, listed } from './support.ts';

const test = suite('loading: decide');

const file = (key: string, mark = 'm1', size = 10): ListedFile => listed(key, `/data/${key}`, size, mark);
const loaded = (key: string, mark = 'm1', content = 'c1', size = 10): LoadedFile => ({ key, size, mark, content, rows: 3, rejects: 0 });
const keysOf = (files: readonly { readonly key: string }[]) => files.map(({ key }) => key);
const none = new Map<string, string>();
const append = { mode: 'append', on_change: 'error', at } as const;

test('new files are loaded, known ones are not', () => {
  const decision = decide([file('a'), file('b'), file('c')], [loaded('b')], none, append);
  assert.equal([keysOf(decision.load), keysOf(decision.skip), decision.empties], [['a', 'c'], ['b'], false]);
  assert.is(decision.problem, undefined);
});

test('a second run loads nothing', () => {
  const decision = decide([file('a'), file('b')], [loaded('a'), loaded('b')], none, append);
  assert.equal([decision.load, decision.empties, decision.changed], [[], false, []]);
});

test('the same content under another name is another file', () => {
  assert.equal(keysOf(decide([file('a'), file('copy')], [loaded('a')], none, append).load), ['copy']);
});

test('another mark with the same size wants the content; equal content is the same file, touched', () => {
  const files = [file('same'), file('touched', 'm2'), file('edited', 'm2'), file('grown', 'm2', 11), file('new')];
  const ledger = ['same', 'touched', 'edited', 'grown'].map((key) => loaded(key));
  assert.equal(keysOf(needsContent(files, ledger)), ['touched', 'edited']);
  const decision = decide(
    files,
    ledger,
    new Map([
      ['touched', 'c1'],
      ['edited', 'c2'],
    ]),
    { ...append, on_change: 'ignore' },
  );
  assert.equal([keysOf(decision.touched), keysOf(decision.changed), keysOf(decision.load)], [['touched'], ['edited', 'grown'], ['new']]);
  assert.equal(keysOf(decision.skip), ['same', 'touched', 'edited', 'grown']);
});

test('a changed file is an error by default, which names the files, and nothing is loaded', () => {
  const decision = decide([file('a', 'm2', 11), file('b'), file('c', 'm2', 12)], [loaded('a'), loaded('c')], none, append);
  assert.equal(decision.load, []);
  hasProblem(decision.problem ? [decision.problem] : [], {
    code: 'load-changed',
    message: '2 files',
    hint: 'on_change: reload',
    at: 'models/sources.yml:7:9',
  });
  assert.equal(decision.problem?.detail, ['a', 'c']);
});

test('on_change: reload empties the table and loads every listed file', () => {
  const files = [file('a', 'm2', 11), file('b'), file('c')];
  const decision = decide(files, [loaded('a'), loaded('b'), loaded('gone')], none, { ...append, on_change: 'reload' });
  assert.equal([keysOf(decision.load), decision.skip, decision.empties], [['a', 'b', 'c'], [], true]);
  const unchanged = decide([file('a'), file('b')], [loaded('a')], none, { ...append, on_change: 'reload' });
  assert.equal([keysOf(unchanged.load), unchanged.empties], [['b'], false]);
});

test('a file that is gone keeps its rows in mode append', () => {
  const decision = decide([file('a')], [loaded('a'), loaded('gone')], none, append);
  assert.equal([decision.load, keysOf(decision.gone), decision.empties], [[], ['gone'], false]);
});

test('mode replace keeps the table equal to the listing', () => {
  const replace = { ...append, mode: 'replace' } as const;
  const all = (files: readonly ListedFile[], ledger: readonly LoadedFile[]) => {
    const decision = decide(files, ledger, none, replace);
    return [keysOf(decision.load), decision.empties, decision.problem];
  };
  assert.equal(all([file('a'), file('b')], [loaded('a')]), [['a', 'b'], true, undefined]);
  assert.equal(all([file('a', 'm2', 11), file('b')], [loaded('a'), loaded('b')]), [['a', 'b'], true, undefined]);
  assert.equal(all([file('a')], [loaded('a'), loaded('gone')]), [['a'], true, undefined]);
  assert.equal(all([file('a')], [loaded('a')]), [[], false, undefined]);
});

test('a full refresh loads all again', () => {
  const decision = decide([file('a'), file('b', 'm2', 11)], [loaded('a'), loaded('b')], none, append, true);
  assert.equal([keysOf(decision.load), decision.empties, decision.problem], [['a', 'b'], true, undefined]);
});

test('whatever happens to the files, repeated loads hold each listed file exactly once', () => {
  // A file is its content; rewriting it gives a new mark, and a new size half the time.
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), what: fc.constantFrom('write', 'touch', 'remove') });
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 6 }), fc.constantFrom('append', 'replace'), (rounds, mode) => {
      const disk = new Map<string, { mark: string; content: string; size: number }>();
      let ledger: LoadedFile[] = [];
      let table: string[] = [];
      let clock = 0;
      for (const round of rounds) {
        for (const { key, what } of round) {
          const before = disk.get(key);
          if (what === 'remove') disk.delete(key);
          else if (what === 'touch' && before) disk.set(key, { ...before, mark: `m${clock++}` });
          else disk.set(key, { mark: `m${clock}`, content: `c${clock}`, size: clock++ % 2 });
        }
        const files = [...disk].sort().map(([key, { mark, size }]) => file(key, mark, size));
        const content = (key: string) => disk.get(key)?.content ?? '';
        const contents = new Map(needsContent(files, ledger).map(({ key }) => [key, content(key)]));
        const decision = decide(files, ledger, contents, { mode, on_change: 'reload', at });
        if (decision.empties) [table, ledger] = [[], []];
        table.push(...decision.load.map(({ key }) => `${key}=${content(key)}`));
        for (const { key, mark, size } of decision.load) ledger.push({ key, mark, size, content: content(key), rows: 1, rejects: 0 });
        for (const { key, mark } of decision.touched) ledger = ledger.map((row) => (row.key === key ? { ...row, mark } : row));
        const wanted = [...disk].map(([key, now]) => `${key}=${now.content}`).sort();
        const there = new Set([...disk.keys()]);
        assert.equal(table.filter((row) => there.has(row.split('=')[0] ?? '')).sort(), wanted);
        if (mode === 'replace') assert.equal([...table].sort(), wanted);
      }
    }),
    { numRuns: 300 },
  );
});

test('one changed file is named in the message, and of many the first twenty', () => {
  const changed = (count: number) => {
    const files = Array.from({ length: count }, (_, index) => file(`f${String(index).padStart(2, '0')}`, 'm2', 11));
    return decide(
      files,
      files.map(({ key }) => loaded(key)),
      none,
      append,
    ).problem;
  };
  assert.is(changed(1)?.message, 'f00 has changed since it was loaded');
  assert.is(changed(25)?.message, '25 files have changed since they were loaded');
  assert.equal([changed(20)?.detail?.length, changed(25)?.detail?.slice(19)], [20, ['f19', 'and 5 more']]);
});

test.run();

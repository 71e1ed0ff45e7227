import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ignoredBy } from '../../src/project/ignore.ts';

const test = suite('project: .dbtignore');

const ignoredOf = (rules: string, ...paths: string[]): string[] => paths.filter(ignoredBy(rules));

test('a name is ignored wherever it stands, and a folder with all below it', () => {
  assert.equal(ignoredOf('drafts\n*.bak.sql', 'models/drafts/a.sql', 'models/drafts.sql', 'models/x/a.bak.sql', 'drafts'), [
    'models/drafts/a.sql',
    'models/x/a.bak.sql',
    'drafts',
  ]);
});

test('a pattern with a slash begins at the root', () => {
  assert.equal(
    ignoredOf('/models/old\nmodels/*/tmp', 'models/old/a.sql', 'x/models/old/a.sql', 'models/a/tmp/b.sql', 'models/a/b/tmp/c.sql'),
    ['models/old/a.sql', 'models/a/tmp/b.sql'],
  );
});

test('a slash at the end means folders only', () => {
  assert.equal(ignoredOf('old/', 'models/old/a.sql', 'models/old'), ['models/old/a.sql']);
});

test('two stars cross folders', () => {
  assert.equal(ignoredOf('models/**/tmp_*.sql', 'models/tmp_a.sql', 'models/a/b/tmp_c.sql', 'seeds/tmp_a.sql'), [
    'models/tmp_a.sql',
    'models/a/b/tmp_c.sql',
  ]);
});

test('a later ! takes back, and # begins a comment', () => {
  assert.equal(ignoredOf('# all but one\nmodels/*.sql\n!models/keep.sql\n', 'models/a.sql', 'models/keep.sql'), ['models/a.sql']);
});

test('brackets and question marks match one character', () => {
  assert.equal(ignoredOf('a?.sql\nb[0-9].sql\nc[!0-9].sql', 'ab.sql', 'a.sql', 'b1.sql', 'bx.sql', 'c1.sql', 'cx.sql'), [
    'ab.sql',
    'b1.sql',
    'cx.sql',
  ]);
});

test.run();

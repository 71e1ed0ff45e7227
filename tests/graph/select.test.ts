import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Manifest } from '../../src/core/manifest.ts';
import type { UniqueId } from '../../src/core/node.ts';
import type { Selection } from '../../src/core/request.ts';
import type { Past } from '../../src/graph/past.ts';
import { type SelectFor, type SelectionResult, select } from '../../src/graph/select.ts';
import { hasProblem, throws } from '../support/rejects.ts';
import { anyProject, chain, dataTest, group, layers, linked, model, noPast, seed, source } from './builders.ts';

const test = suite('graph/select');

type Options = Partial<Omit<Selection, 'select'>> & Partial<SelectFor> & { readonly past?: Past };

function pick(
  manifest: Manifest,
  selected: string | readonly string[],
  { command = 'ls', load = true, past = noPast, ...more }: Options = {},
): SelectionResult {
  const selection = {
    select: [selected].flat(),
    exclude: [],
    resourceTypes: [],
    excludeResourceTypes: [],
    indirect: 'empty',
    ...more,
  } as const;
  return select(manifest, selection, { command, load }, past);
}

const name = (id: string): string => id.split('.').slice(2).join('.');
/** Names, in alphabetical order; no tests unless `indirect` says so. */
const names = (manifest: Manifest, selected: string | readonly string[], options: Options = {}): string =>
  pick(manifest, selected, options).chosen.map(name).sort().join(' ');

const library = linked(
  [
    source('raw.loans', { tags: ['input'] }),
    source('raw.books'),
    source('archive.loans'),
    seed('branches'),
    model('stg_loans', {
      folder: 'staging',
      sources: ['raw.loans'],
      tags: ['nightly'],
      materialized: 'view',
      config: { materialized: 'view' },
    }),
    model('stg_books', { folder: 'staging', sources: ['raw.books'], config: { group: 'stock', access: 'private' } }),
    model('int_loans', { folder: 'star/inner', refs: ['stg_loans', 'branches'], materialized: 'ephemeral' }),
    model('fact_loans', {
      folder: 'star',
      refs: ['int_loans', 'dim_books'],
      tags: ['core', 'nightly'],
      config: { unique_key: ['id', 'day'], meta: { owner: { team: 'core' }, pii: false }, threads: 4, on_schema_change: 'fail' },
    }),
    model('dim_books', { folder: 'star/dims', refs: ['stg_books'] }),
    model('dim_days', { folder: 'star/dims', version: 1, latest: 2 }),
    model('dim_days', { folder: 'star/dims', version: 2, latest: 2 }),
    model('dim_days', { folder: 'star/dims', version: 3, latest: 2 }),
    model('report', { refs: ['fact_loans', 'dim_days'] }),
    model('calendar', { package: 'util', folder: 'staging' }),
    { ...model('described', { folder: 'elsewhere' }), patch_path: 'shop://models/star/properties.yml' },
    dataTest('unique_stg_loans', { on: 'stg_loans', file: 'models/staging/schema.yml' }),
    dataTest('relationships_loans_books', { on: 'fact_loans', refs: ['dim_books'], test: 'relationships', config: { severity: 'Warn' } }),
    dataTest('not_null_raw_loans', { on: 'raw.loans', test: 'not_null' }),
    dataTest('rows_match', { refs: ['fact_loans', 'stg_loans'] }),
    dataTest('busiest_branch', { refs: ['fact_loans'], kind: 'question' }),
  ],
  {
    disabled: [model('stg_old')],
    groups: [group('stock')],
    selectors: {
      nightly: { definition: 'tag:nightly+' },
      text: 'stg_books',
      mapped: { definition: { method: 'tag', value: 'core', children: true } },
    },
  },
);

test('a name is the last part of a path; a path may begin with the package or a folder; parts are told by dots', () => {
  assert.is(names(library, 'stg_loans'), 'stg_loans');
  assert.is(names(library, 'staging'), 'stg_books stg_loans calendar'.split(' ').sort().join(' '));
  assert.is(names(library, 'star.dims'), 'dim_books dim_days.v1 dim_days.v2 dim_days.v3');
  assert.is(names(library, 'shop.star.dims.dim_books'), 'dim_books');
  assert.is(names(library, 'util'), 'calendar');
  assert.is(names(library, 'util.staging.calendar'), 'calendar');
  assert.is(names(library, 'dims'), '', 'a folder is found from the top only');
  assert.is(names(library, 'loans'), '', 'a bare name is never a source');
});

test('patterns match a whole path, or the last part alone when they have no dot', () => {
  assert.is(names(library, 'stg_*'), 'stg_books stg_loans');
  assert.is(names(library, 'star.*_books'), 'dim_books');
  assert.is(names(library, '*.dims.*'), 'dim_books dim_days.v1 dim_days.v2 dim_days.v3');
  assert.is(names(library, '?im_b[aeo]oks'), 'dim_books');
  assert.is(names(library, 'stg_[!l]*'), 'stg_books');
  assert.is(names(library, 'shop.sta*.stg_loans'), 'stg_loans');
});

test('a model with versions has several names, and version: tells them apart', () => {
  assert.is(names(library, 'dim_days'), 'dim_days.v1 dim_days.v2 dim_days.v3');
  assert.is(names(library, 'dim_days.v2'), 'dim_days.v2');
  assert.is(names(library, 'dim_days_v2'), 'dim_days.v2');
  assert.is(names(library, 'dim_days,version:latest'), 'dim_days.v2');
  assert.is(names(library, 'version:old'), 'dim_days.v1');
  assert.is(names(library, 'version:prerelease'), 'dim_days.v3');
  assert.ok(names(library, 'version:none').includes('stg_loans'));
});

test('+, n+, +n and @ take in what lies up and down the graph', () => {
  assert.is(names(library, '+dim_books'), 'dim_books raw.books stg_books');
  assert.is(names(library, '1+dim_books'), 'dim_books stg_books');
  assert.is(names(library, '0+dim_books'), 'dim_books');
  assert.is(names(library, 'stg_books+', { resourceTypes: ['model'] }), 'dim_books fact_loans report stg_books');
  assert.is(names(library, 'stg_books+1'), 'dim_books stg_books');
  assert.is(names(library, '1+int_loans+1'), 'branches fact_loans int_loans stg_loans');
  assert.is(
    names(library, '@int_loans', { resourceTypes: ['model', 'seed', 'source'] }),
    'branches dim_books dim_days.v2 fact_loans int_loans raw.books raw.loans report stg_books stg_loans',
  );
  assert.is(names(library, 'source:raw.books+1'), 'raw.books stg_books');
});

test('a space is a union, as is a second --select; a comma an intersection; --exclude takes away', () => {
  assert.is(names(library, 'stg_books stg_loans'), 'stg_books stg_loans');
  assert.is(names(library, ['stg_books', 'stg_loans  report']), 'report stg_books stg_loans');
  assert.is(names(library, 'tag:nightly,star'), 'fact_loans');
  assert.is(names(library, '+report,stg_books+,resource_type:model'), 'dim_books fact_loans report stg_books');
  assert.is(names(library, 'staging', { exclude: ['util stg_books'] }), 'stg_loans');
  assert.ok(!names(library, [], { exclude: ['stg_books+'] }).includes('report'));
});

test('tag, source, package, group and access', () => {
  assert.is(names(library, 'tag:nightly'), 'fact_loans stg_loans');
  assert.is(names(library, 'tag:in*'), 'raw.loans');
  assert.is(names(library, 'source:raw'), 'raw.books raw.loans');
  assert.is(names(library, 'source:raw.loans'), 'raw.loans');
  assert.is(names(library, 'source:*.loans'), 'archive.loans raw.loans');
  assert.is(names(library, 'source:shop.raw.books'), 'raw.books');
  assert.is(names(library, 'package:util'), 'calendar');
  assert.is(names(library, 'package:this,stg_books'), 'stg_books');
  assert.is(names(library, 'group:sto*'), 'stg_books');
  assert.is(names(library, 'access:private'), 'stg_books');
  assert.ok(names(library, 'access:protected').includes('report'));
});

test('path and file; a value with a slash is a path, one with a file ending a file', () => {
  for (const value of ['path:models/staging', 'path:./models/staging/', 'models/staging', 'models/staging/**'])
    assert.is(names(library, value), 'calendar stg_books stg_loans unique_stg_loans', value);
  assert.is(names(library, 'models/staging/*'), 'stg_books stg_loans unique_stg_loans');
  assert.is(names(library, 'models/staging/*.sql,package:shop'), 'stg_books stg_loans');
  assert.is(names(library, 'models/star/*.sql'), 'fact_loans');
  assert.is(names(library, 'models/star/**/*.sql,resource_type:model,dim_books'), 'dim_books');
  assert.is(names(library, 'models/star/dims/**'), 'dim_books dim_days.v1 dim_days.v2 dim_days.v3');
  assert.is(names(library, 'path:models/star/properties.yml'), 'described', 'the file that describes a model');
  assert.is(names(library, 'models/staging/schema.yml'), 'unique_stg_loans');
  assert.is(names(library, 'dbt_packages/util/models'), 'calendar');
  assert.is(names(library, 'models/sta'), '');
  assert.is(names(library, 'file:stg_books.sql'), 'stg_books');
  assert.is(names(library, 'stg_books.sql'), 'stg_books');
  assert.is(names(library, 'file:stg_*'), 'stg_books stg_loans');
  assert.is(names(library, 'sources.yml'), 'archive.loans raw.books raw.loans');
  assert.is(names(library, 'branches.csv'), 'branches');
});

test('config looks into mappings and lists, and knows true, false and defaults', () => {
  assert.is(names(library, 'config.materialized:view'), 'stg_loans');
  assert.is(names(library, 'config.materialized:ephemeral'), 'int_loans');
  assert.is(names(library, 'config.unique_key:day'), 'fact_loans');
  assert.is(names(library, 'config.meta.owner.team:core'), 'fact_loans');
  assert.is(names(library, 'config.meta.pii:FALSE'), 'fact_loans');
  assert.is(names(library, 'config.threads:4'), 'fact_loans');
  assert.is(names(library, 'config.on_schema_change:fail'), 'fact_loans');
  assert.is(names(library, 'config.severity:warn'), 'relationships_loans_books');
  assert.is(names(library, 'config.tags:core'), 'fact_loans');
  assert.is(names(library, 'config.meta.owner:core'), '');
});

test('test_name, test_type and resource_type', () => {
  assert.is(names(library, 'test_name:relationships'), 'relationships_loans_books');
  assert.is(names(library, 'test_name:*'), 'not_null_raw_loans relationships_loans_books unique_stg_loans');
  assert.is(names(library, 'test_type:singular'), 'rows_match');
  assert.is(names(library, 'test_type:question'), 'busiest_branch');
  assert.is(names(library, 'test_type:generic'), 'not_null_raw_loans relationships_loans_books unique_stg_loans');
  assert.is(names(library, 'test_type:data').split(' ').length, 5);
  assert.is(names(library, 'test_type:unit'), '');
  assert.is(names(library, 'resource_type:seed'), 'branches');
});

const tests = (selected: string | readonly string[], indirect: Selection['indirect'], exclude: readonly string[] = []): string =>
  names(library, selected, { indirect, exclude, command: 'test' });

test('tests come along with the nodes they test: eager, cautious, buildable, empty', () => {
  assert.is(tests('fact_loans', 'eager'), 'busiest_branch relationships_loans_books rows_match');
  assert.is(tests('fact_loans', 'cautious'), 'busiest_branch');
  assert.is(tests('fact_loans', 'buildable'), 'busiest_branch relationships_loans_books rows_match');
  assert.is(tests('fact_loans', 'empty'), '');
  assert.is(tests('dim_books', 'eager'), 'relationships_loans_books');
  assert.is(tests('dim_books', 'buildable'), '');
  assert.is(tests('source:raw', 'eager'), 'not_null_raw_loans');
  assert.is(tests('source:raw', 'cautious'), 'not_null_raw_loans');
  assert.is(tests('rows_match', 'empty'), 'rows_match', 'a test that is named is selected in every mode');
});

test('a waiting test comes in when a union selects the rest of its nodes', () => {
  assert.is(tests('fact_loans dim_books', 'cautious'), 'busiest_branch relationships_loans_books');
  assert.is(
    tests(['stg_loans', 'fact_loans dim_books'], 'cautious'),
    'busiest_branch relationships_loans_books rows_match unique_stg_loans',
  );
  assert.is(tests('fact_loans,tag:core dim_books', 'cautious'), 'busiest_branch relationships_loans_books');
});

test('what is excluded takes its tests along, by the same mode', () => {
  assert.is(tests([], 'eager', ['fact_loans']), 'not_null_raw_loans unique_stg_loans');
  assert.is(tests([], 'cautious', ['fact_loans']), 'not_null_raw_loans relationships_loans_books rows_match unique_stg_loans');
  assert.is(tests('fact_loans stg_loans', 'eager', ['stg_loans']), 'busiest_branch relationships_loans_books');
});

test('a command takes the kinds it works on; --resource-type narrows them, in the singular or plural', () => {
  const types = (command: string, options: Options = {}) =>
    [...new Set(pick(library, [], { command, ...options }).chosen.map((id) => id.split('.')[0]))].sort().join(' ');
  assert.is(types('run'), 'model source');
  assert.is(types('run', { load: false }), 'model');
  assert.is(types('test'), 'test');
  assert.is(types('seed'), 'seed');
  assert.is(types('load'), 'source');
  assert.is(types('build'), 'model seed source test');
  assert.is(types('build', { load: false }), 'model seed test');
  assert.is(types('build', { resourceTypes: ['models', 'seed'] }), 'model seed');
  assert.is(types('build', { excludeResourceTypes: ['tests', 'Sources'] }), 'model seed');
  assert.is(types('ls', { resourceTypes: ['all'] }), 'model seed source test');
  throws(() => types('ls', { resourceTypes: ['modle'] }), { code: 'resource-type', hint: "'model'" });
});

test('analyses are listed when they are asked for', () => {
  const manifest = linked([
    { ...model('top'), resource_type: 'analysis', unique_id: 'analysis.shop.top' as UniqueId, raw_code: 'select 1' } as never,
    model('a'),
  ]);
  assert.is(names(manifest, []), 'a');
  assert.is(names(manifest, [], { resourceTypes: ['analyses'] }), 'top');
  assert.is(names(manifest, [], { command: 'compile' }), 'a top');
});

test('chosen ids stand in the order of the graph', () => {
  assert.equal(pick(library, 'report stg_loans fact_loans').chosen.map(name), ['stg_loans', 'fact_loans', 'report']);
});

test('a word that matches nothing warns with the nearest names', () => {
  const warned = (selected: string, wanted: { message?: string; hint?: string }, options: Options = {}) => {
    const { warnings } = pick(library, selected, options);
    assert.is(warnings.length, 1, selected);
    hasProblem(warnings, { code: 'selection-empty', ...wanted });
    assert.is(warnings[0]?.severity, 'warning');
  };
  warned('stg_loan', { message: "'stg_loan' matches nothing", hint: "Did you mean 'stg_loans'?" });
  warned('stg_loans dim_bok+', { message: "'dim_bok+'", hint: "Did you mean 'dim_books'?" });
  warned('tag:nighly', { hint: "'tag:nightly'" });
  warned('config.materialized:veiw', { hint: "'config.materialized:view'" });
  warned('source:raw.loan', { hint: "'source:raw.loans'" });
  warned('raw.loans', { hint: 'It is a source: source:raw.loans' });
  warned('raw', { hint: 'It is a source: source:raw' });
  warned('stg_old', { hint: "'stg_old' is a model that is disabled (models/stg_old.sql)" });
  warned('models/staging/stg_loan.sql', { hint: "'models/staging/stg_loans.sql'" });
  warned('tag:nightly,dim_books', { message: 'no node is in all of them', hint: 'space' });
  warned('tag:nightly,dim_bok', { message: "('dim_bok')", hint: "'dim_books'" });
  warned('zzzzzz', { hint: 'dwh ls' });
  warned('!*,!source:*', { message: "'!*,!source:*' matches nothing", hint: 'dwh ls' });
  warned('(dim_bok)', { message: "'dim_bok' matches nothing", hint: "'dim_books'" });
  warned('tag:core', { message: "(1 model) holds nothing for 'seed', which takes: seed" }, { command: 'seed' });
  hasProblem(pick(library, [], { exclude: ['stg_loan'] }).warnings, { code: 'selection-empty' });
  assert.is(pick(linked([model('a')]), [], { command: 'seed' }).warnings.length, 0);
});

test('a selector that cannot be read is an error that says how to write it', () => {
  const wrong = (selected: string, code: string, hint: string) => throws(() => pick(library, selected), { code, hint });
  wrong('@stg_loans+', 'selector-syntax', "Write '@stg_loans'");
  wrong('stg_loans,', 'selector-syntax', 'a space');
  wrong('tag:', 'selector-syntax', 'method:value');
  wrong('+', 'selector-syntax', 'method:value');
  wrong('tga:nightly', 'selector-method', "Did you mean 'tag:'?");
  wrong('state:modifed', 'selector-value', "'state:modified'");
  wrong('source_status:stale', 'selector-value', 'fresher');
  wrong('(stg_loans', 'selector-syntax', 'Put a )');
  wrong('()', 'selector-syntax', 'between the parentheses');
  wrong('(stg_loans)dim_books', 'selector-syntax', 'a space or a comma');
  wrong('@(stg_loans)+', 'selector-syntax', "Write '@(stg_loans)'");
  wrong('(stg_loans,)', 'selector-syntax', 'both sides');
  wrong('!', 'selector-syntax', 'method:value');
  wrong('test_type:singluar', 'selector-value', "'test_type:singular'");
  wrong('version:newest', 'selector-value', 'latest, prerelease, old, none');
  wrong('source:a.b.c.d', 'selector-value', 'source:package.name.table');
  wrong('resource_type:modle', 'resource-type', "'model'");
});

test('a named selector stands for --select, the default one where nothing is said', () => {
  assert.is(names(library, 'report', { selector: 'nightly', resourceTypes: ['model'] }), 'fact_loans int_loans report stg_loans');
  assert.is(names(library, [], { selector: 'text' }), 'stg_books');
  throws(() => pick(library, [], { selector: 'nightli' }), { code: 'selector-not-found', hint: "'nightly'" });
  const withDefault = { ...library, selectors: { usual: { default: true, definition: 'stg_books' } } };
  assert.is(names(withDefault, []), 'stg_books');
  assert.is(names(withDefault, 'stg_loans'), 'stg_loans');
  assert.is(names(library, [], { selector: 'mapped', resourceTypes: ['model'] }), 'fact_loans report');
});

test('parentheses hold together what is written in them, and ! takes all but what follows it', () => {
  assert.is(names(library, '(stg_loans stg_books),tag:nightly'), 'stg_loans');
  assert.is(names(library, 'tag:nightly,(stg_loans dim_books) stg_books'), 'stg_books stg_loans');
  assert.is(names(library, '1+(int_loans dim_books)'), 'branches dim_books int_loans stg_books stg_loans');
  assert.is(names(library, '(stg_books,staging)+1'), 'dim_books stg_books');
  assert.is(names(library, '@(stg_loans),resource_type:seed'), 'branches');
  assert.is(names(library, 'staging,!tag:nightly'), 'calendar stg_books');
  assert.is(names(library, 'star,!(tag:core dim_days)'), 'dim_books int_loans');
  assert.is(names(library, '((star),!(dim_days,!version:latest)),!tag:core'), 'dim_books dim_days.v2 int_loans');
  assert.is(names(library, '!!stg_loans'), 'stg_loans');
  assert.is(names(library, ['(stg_loans', 'dim_books)']), 'dim_books stg_loans', 'the words of a command line are one text');
  assert.is(names(library, 'file:a(1).sql stg_loans'), 'stg_loans', 'within a name they belong to it');
  const unknown = pick(library, 'staging,!tag:nighly').warnings;
  hasProblem(unknown, { code: 'selection-empty', message: "'tag:nighly'", hint: "'tag:nightly'" });
  assert.is(names(library, '(dim_books)', { indirect: 'eager' }), names(library, 'dim_books', { indirect: 'eager' }));
  assert.is(
    names(library, '+(dim_books stg_books)', { indirect: 'eager' }),
    names(library, '+dim_books +stg_books', { indirect: 'eager' }),
    'tests that come along bring none of their other nodes',
  );
});

test('definitions of selectors: what they may say, and what is wrong with them', () => {
  const of = (selectors: Record<string, unknown>): Manifest => ({ ...library, selectors });
  const one = (definition: unknown, options: Options = {}): string => names(of({ it: { definition } }), [], { selector: 'it', ...options });
  assert.is(one({ tag: 'core' }), 'fact_loans');
  assert.is(one({ method: 'fqn', value: 'dim_books', parents: true, parents_depth: 1 }), 'dim_books stg_books');
  assert.is(one({ method: 'fqn', value: 'dim_books', parents: false, parents_depth: 1 }), 'dim_books');
  assert.is(one({ union: ['stg_loans', { intersection: ['star', { tag: 'core' }] }, { exclude: [{ tag: 'core' }] }] }), 'stg_loans');
  assert.is(
    one({ method: 'path', value: 'models/staging', exclude: ['stg_loans', { package: 'util' }] }, { resourceTypes: ['model'] }),
    'stg_books',
  );
  const heirs = {
    core: { definition: { tag: 'core' } },
    heir: { definition: { method: 'selector', value: 'core', parents: true, exclude: ['branches'] } },
  };
  assert.is(
    names(of(heirs), [], { selector: 'heir', resourceTypes: ['model', 'seed'] }),
    'dim_books fact_loans int_loans stg_books stg_loans',
    'operators and exclude stand beside a selector, too',
  );
  assert.is(one({ method: 'fqn', value: 'dim_books', indirect_selection: 'eager' }), 'dim_books relationships_loans_books');
  assert.is(one({ method: 'fqn', value: 'dim_books', indirect_selection: 'empty' }, { indirect: 'eager' }), 'dim_books');
  const wrong = (definition: unknown, message: string): unknown => throws(() => one(definition), { code: 'selector-definition', message });
  wrong(['a'], 'text or a mapping');
  wrong({ union: ['a'], exclude: ['b'] }, "'exclude' stands beside 'union'");
  wrong({ union: 'a' }, "'union' should be a list");
  wrong({ union: ['a', { exclude: ['b'] }, { exclude: ['c'] }] }, "two entries 'exclude'");
  wrong({ method: 'tag' }, "no 'method' and 'value'");
  wrong({ method: 'tag', value: 'a', parent: true }, "'parent' is not a key");
  wrong({ method: 'tag', value: 'a', parents: true, parents_depth: 'two' }, "'parents_depth'");
  wrong({ method: 'tag', value: 'a', indirect_selection: 'keen' }, "indirect_selection 'keen'");
  wrong({ method: 'tag', value: 'a', children: true, childrens_parents: true }, 'both true');
  const round = of({ a: { definition: { selector: 'b' } }, b: { definition: { union: [{ selector: 'a' }] } } });
  throws(() => pick(round, [], { selector: 'a' }), { code: 'selector-definition', message: 'a → b → a' });
  const two = of({ a: { default: true, definition: 'x' }, b: { default: true, definition: 'y' } });
  throws(() => pick(two, []), { code: 'selector-definition', message: 'a, b' });
});

test('a chain of 10,000 and layers of 10,000 are selected from', () => {
  const long = linked(chain(10_000));
  assert.is(pick(long, '+m9999').chosen.length, 10_000);
  assert.is(pick(long, '@m5000').chosen.length, 10_000);
  assert.is(pick(long, '10+m5000+20').chosen.length, 31);
  assert.is(pick(linked(layers(100, 100)), 'm0+ m1+ m*').chosen.length, 10_000);
});

// ---- properties ----

const terms = fc.constantFrom(
  'm0',
  'm1',
  'm2',
  'm3',
  'm*',
  'tag:daily',
  'tag:core',
  'staging',
  'star.dims',
  'models/star',
  'seed*',
  'source:raw',
  'config.materialized:view',
  'resource_type:model',
  't*',
  'nothing',
);
const term = fc.oneof(
  terms,
  terms.map((one) => `@${one}`),
  fc.tuple(fc.constantFrom('', '+', '1+', '2+'), terms, fc.constantFrom('', '+', '+1', '+2')).map((parts) => parts.join('')),
);
const modes = fc.constantFrom('eager', 'cautious', 'buildable', 'empty');
const set = (manifest: Manifest, selected: string | readonly string[], options: Options = {}): ReadonlySet<UniqueId> =>
  new Set(pick(manifest, selected, options).chosen);
const isWithin = (a: ReadonlySet<UniqueId>, b: ReadonlySet<UniqueId>): boolean => [...a].every((id) => b.has(id));
const union = (a: ReadonlySet<UniqueId>, b: ReadonlySet<UniqueId>): ReadonlySet<UniqueId> => new Set([...a, ...b]);
const equal = (a: ReadonlySet<UniqueId>, b: ReadonlySet<UniqueId>): boolean => a.size === b.size && isWithin(a, b);

test('property: a,b is within a, and a within a b; both ways round', () => {
  fc.assert(
    fc.property(anyProject, term, term, modes, (nodes, a, b, indirect) => {
      const manifest = linked(nodes);
      const both = set(manifest, `${a},${b}`, { indirect });
      // Tests that wait for their other nodes come in with those: only what is selected itself keeps the order in other modes.
      if (indirect === 'eager' || indirect === 'empty') assert.ok(isWithin(both, set(manifest, a, { indirect })));
      assert.ok(isWithin(set(manifest, a, { indirect }), set(manifest, `${a} ${b}`, { indirect })));
      assert.ok(equal(both, set(manifest, `${b},${a}`, { indirect })));
      assert.ok(equal(set(manifest, `${a} ${b}`, { indirect }), set(manifest, [b, a], { indirect })));
      assert.ok(equal(set(manifest, a, { indirect }), set(manifest, `${a},${a}`, { indirect })));
    }),
    { numRuns: 300 },
  );
});

test('property: without tests, the operators are those of sets', () => {
  fc.assert(
    fc.property(anyProject, term, term, (nodes, a, b) => {
      const manifest = linked(nodes);
      const [inA, inB] = [set(manifest, a), set(manifest, b)];
      assert.ok(equal(set(manifest, `${a},${b}`), new Set([...inA].filter((id) => inB.has(id)))));
      assert.ok(equal(set(manifest, `${a} ${b}`), new Set([...inA, ...inB])));
      assert.ok(equal(set(manifest, a, { exclude: [b] }), new Set([...inA].filter((id) => !inB.has(id)))));
      assert.ok(equal(set(manifest, [], { exclude: [b] }), new Set([...manifest.nodes.keys()].filter((id) => !inB.has(id)))));
    }),
    { numRuns: 300 },
  );
});

test('property: parentheses and ! are those of sets, too', () => {
  fc.assert(
    fc.property(anyProject, term, term, term, (nodes, a, b, c) => {
      const manifest = linked(nodes);
      const [inA, inB, inC] = [set(manifest, a), set(manifest, b), set(manifest, c)];
      const all = [...manifest.nodes.keys()];
      assert.ok(equal(set(manifest, `!${a}`), new Set(all.filter((id) => !inA.has(id)))));
      assert.ok(equal(set(manifest, `(${a} ${b}),${c}`), new Set(all.filter((id) => (inA.has(id) || inB.has(id)) && inC.has(id)))));
      assert.ok(equal(set(manifest, `${a},!(${b} ${c})`), new Set(all.filter((id) => inA.has(id) && !inB.has(id) && !inC.has(id)))));
      assert.ok(equal(set(manifest, `((${a}))`), inA));
      assert.ok(equal(set(manifest, `+(${a} ${b})+1`), union(set(manifest, `+(${a})+1`), set(manifest, `+(${b})+1`))));
    }),
    { numRuns: 200 },
  );
});

test('property: b is in a+ exactly when a is in +b, and @a is a+ with all that lies above it', () => {
  fc.assert(
    fc.property(anyProject, fc.nat(11), fc.nat(11), (nodes, first, second) => {
      const manifest = linked(nodes);
      const known = nodes.filter((node) => node.resource_type === 'model').map((node) => node.name);
      const [a, b] = [known[first % known.length] ?? 'm0', known[second % known.length] ?? 'm0'];
      const has = (selected: string, wanted: string): boolean => set(manifest, selected).has(`model.shop.${wanted}` as UniqueId);
      assert.is(has(`${a}+`, b), has(`+${b}`, a));
      const down = [...set(manifest, `${a}+`)].map((id) => (id.startsWith('source.') ? `+source:${name(id)}` : `+${name(id)}`));
      assert.ok(equal(set(manifest, `@${a}`), set(manifest, down)));
    }),
    { numRuns: 300 },
  );
});

test('property: the order of nodes in the project does not matter, and modes take in one another', () => {
  fc.assert(
    fc.property(
      anyProject,
      fc.array(term, { minLength: 1, maxLength: 3 }),
      fc.array(term, { maxLength: 1 }),
      modes,
      (nodes, selected, exclude, indirect) => {
        const one = set(linked(nodes), selected, { exclude, indirect });
        const other = set(linked([...nodes].reverse()), selected, { exclude, indirect });
        assert.ok(equal(one, other));
        const manifest = linked(nodes);
        const [empty, cautious, buildable, eager] = (['empty', 'cautious', 'buildable', 'eager'] as const).map((mode) =>
          set(manifest, selected, { indirect: mode }),
        );
        if (!empty || !cautious || !buildable || !eager) throw new Error('four modes');
        assert.ok(isWithin(cautious, buildable));
        if (!selected.some((word) => word.includes(','))) assert.ok(isWithin(empty, cautious) && isWithin(buildable, eager));
      },
    ),
    { numRuns: 300 },
  );
});

test.run();

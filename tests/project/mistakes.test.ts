import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem, rejects } from '../support/rejects.ts';
import { problemsOf, warningsOf } from './project-of.ts';

const test = suite('project: mistakes');

type Files = Readonly<Record<string, string>>;
const wrong = async (files: Files, ...wanted: ExpectedProblem[]): Promise<void> => {
  const problems = await problemsOf(await project({ 'project.yml': 'name: shop\n', ...files }));
  for (const one of wanted) hasProblem(problems, one);
};
const warned = async (files: Files, ...wanted: ExpectedProblem[]): Promise<void> => {
  const problems = await warningsOf(await project({ 'project.yml': 'name: shop\n', ...files }));
  for (const one of wanted) hasProblem(problems, one);
  assert.is(problems.length, wanted.length, problems.map(({ code, message }) => `${code}: ${message}`).join('\n'));
};

test('all mistakes come at once', async () => {
  await wrong(
    {
      'models/a.sql': "select {{ var('nope') }}",
      'models/b.sql': 'select {{ undefined_name }}',
      'models/c.sql': '{% if x %}',
      'models/d.yml': 'models:\n\t- name: a\n',
      'models/e.yml': 'models: [{name: a, columns: [{name: id, tests: [uniqe]}]}]\n',
    },
    { code: 'var-undefined', at: 'models/a.sql:1:11' },
    { at: 'models/b.sql:1:11' },
    { at: 'models/c.sql:1' },
    { code: 'yaml-tab', at: 'models/d.yml:2' },
    { code: 'test-not-found', at: 'models/e.yml:1:49', hint: "'unique'" },
  );
});

test('a Python model is passed over; what reads it is told so', async () => {
  const files = { 'models/scores.py': 'def model(dbt, session): ...\n' };
  await warned(files, { code: 'not-supported-yet', message: 'models/scores.py is a Python model', at: 'models/scores.py:1' });
  const read = await project({ 'project.yml': 'name: shop\n', ...files, 'models/report.sql': "select * from {{ ref('scores') }}" });
  await rejects(read.run('parse'), {
    code: 'ref-not-found',
    message: "'scores' was not found",
    hint: 'models/scores.py is a Python model',
    at: 'models/report.sql:1',
  });
});

test('an undefined var in YAML is placed at its text', async () => {
  await wrong(
    { 'models/a.sql': '', 'models/a.yml': 'models:\n  - name: a\n    config:\n      schema: "{{ var(\'schmea\') }}"\n' },
    { code: 'var-undefined', message: "'schmea'", at: 'models/a.yml:4' },
  );
  await wrong({ 'project.yml': 'name: shop\nmodels:\n  +schema: "{{ var(\'x\') }}"\n' }, { code: 'var-undefined', at: 'project.yml:3' });
});

test('an error in a macro names the macro’s place and who called it', async () => {
  const problems = await problemsOf(
    await project({
      'project.yml': 'name: shop\n',
      'macros/m.sql': '{% macro broken() %}\n{{ no_such_thing }}\n{% endmacro %}',
      'models/a.sql': 'select {{ broken() }}',
    }),
  );
  hasProblem(problems, { at: 'macros/m.sql:2:4' });
  assert.ok(
    problems[0]?.detail?.some((line) => line.includes('models/a.sql')),
    JSON.stringify(problems),
  );
});

test('misspelt configs are warnings wherever they stand', async () => {
  await warned(
    {
      'project.yml': 'name: shop\nmodels:\n  +materialised: table\n',
      'models/a.sql': "\n{{ config(unqiue_key='id') }} select 1",
      'models/a.yml': 'models:\n  - name: a\n    config: {materailized: view, my_own: 1}\n',
    },
    { code: 'config-misspelt', at: 'project.yml:3:3', hint: '+materialized' },
    { code: 'config-misspelt', at: 'models/a.sql:2:11', hint: 'unique_key' },
    { code: 'config-misspelt', at: 'models/a.yml:3:14', hint: 'materialized' },
  );
});

test('keys that stand in the wrong place, or nowhere in dwh, are warnings', async () => {
  await warned(
    {
      'project.yml': 'name: shop\nmodelpaths: [m]\n',
      'models/a.sql': 'select 1 as id',
      'models/a.yml':
        'modles: []\nmodels:\n  - name: a\n    materialized: table\n    descripton: x\n    columns: [{name: id, descripton: x, encode: az64}]\n',
    },
    { code: 'unknown-key', at: 'project.yml:2:1', hint: 'model-paths' },
    { code: 'unknown-key', at: 'models/a.yml:1:1', hint: "'models'" },
    { code: 'unknown-key', at: 'models/a.yml:4:5', hint: "Move it under 'config:'" },
    { code: 'unknown-key', at: 'models/a.yml:5:5', hint: "'description'" },
    { code: 'unknown-key', at: 'models/a.yml:6:26', hint: "'description'" },
  );
});

test('properties of something that is not there are a warning with the nearest name', async () => {
  await warned(
    { 'models/orders.sql': 'select 1', 'models/a.yml': 'models: [{name: oders}]\nmacros: [{name: nothing_like_it}]\n' },
    { code: 'describes-nothing', message: "'oders'", hint: "'orders'", at: 'models/a.yml:1' },
    { code: 'describes-nothing', message: "'nothing_like_it'" },
  );
});

test('two entries for one node are an error with both places', async () => {
  await wrong(
    { 'models/a.sql': 'select 1', 'models/a.yml': 'models:\n  - name: a\n', 'models/b.yml': 'models:\n  - name: x\n  - name: a\n' },
    { code: 'described-twice', at: 'models/a.yml:2', message: 'models/b.yml:3' },
  );
});

test('two macros of one name in a package are an error with both places', async () => {
  await wrong(
    { 'macros/a.sql': '{% macro m() %}{% endmacro %}', 'macros/b.sql': '\n{% macro m() %}{% endmacro %}' },
    { code: 'macro-twice', at: 'macros/b.sql:2', message: 'macros/a.sql:1' },
  );
});

test('tests that are not written as tests say how', async () => {
  await wrong(
    { 'models/a.sql': '', 'models/a.yml': 'models:\n  - name: a\n    tests:\n      - not_null:\n        severity: warn\n' },
    { code: 'test-invalid', message: 'not_null, severity', hint: "Indent 'severity'", at: 'models/a.yml:4' },
  );
  await wrong(
    { 'models/a.sql': '', 'models/a.yml': 'models: [{name: a, tests: unique}]\n' },
    { code: 'config-kind', message: "'tests' should be a list" },
  );
  await wrong({ 'models/a.sql': '', 'models/a.yml': 'models: [{name: a, tests: [1]}]\n' }, { code: 'test-invalid' });
  await wrong({ 'models/a.sql': '', 'models/a.yml': 'models: [{name: a, tests: [], data_tests: []}]\n' }, { code: 'tests-twice' });
  await wrong(
    { 'models/a.sql': '', 'models/a.yml': 'models: [{name: a, columns: [{name: b, tests: [{not_null: {config: {severity: maybe}}}]}]}]\n' },
    { code: 'config-value', message: "'severity' is 'maybe'" },
  );
});

test('an argument of dwh’s own tests that is wrong is placed where it stands', async () => {
  await wrong(
    {
      'models/a.sql': '',
      'models/a.yml':
        'models:\n  - name: a\n    columns:\n      - name: b\n        tests:\n          - accepted_values:\n              arguments:\n                valeus: [1]\n',
    },
    { code: 'test-argument', message: "'valeus'", hint: "'values'", at: 'models/a.yml:8' },
  );
});

test('what load: says is checked', async () => {
  await wrong(
    { 'models/s.yml': 'sources:\n  - name: raw\n    tables:\n      - name: a\n        load: {format: jsn, on_error: skip}\n' },
    { code: 'config-missing', message: "'from'" },
    { code: 'config-value', message: "'format' is 'jsn'", hint: "'json'" },
    { code: 'config-value', message: "'on_error' is 'skip'" },
  );
});

test('a docs block that is not there is an error at the description', async () => {
  await wrong(
    {
      'models/a.sql': '',
      'models/a.yml': 'models:\n  - name: a\n    description: "{{ doc(\'ordres\') }}"\n',
      'models/d.md': '{% docs orders %}x{% enddocs %}',
    },
    { code: 'doc-not-found', hint: "doc('orders')", at: 'models/a.yml:3' },
  );
});

test('a question whose answer is not there is an error', async () => {
  await wrong(
    { 'analyses/a.sql': "{{ config(expect='a.csv') }} select 1" },
    { code: 'expect-missing', message: 'analyses/a.csv', at: 'analyses/a.sql' },
  );
});

test('what dwh does nothing with yet is passed over with a notice', async () => {
  await warned(
    { 'functions/f.py': 'x', 'models/p.py': 'x' },
    { code: 'not-supported-yet', message: 'functions/f.py' },
    { code: 'not-supported-yet', message: 'p.py' },
  );
});

test.run();

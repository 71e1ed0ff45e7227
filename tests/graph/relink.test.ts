import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { link } from '../../src/graph/link.ts';
import { relink } from '../../src/graph/relink.ts';
import type { Project } from '../../src/project/index.ts';
import { parsed } from '../project/project-of.ts';
import { type Fixture, project } from '../support/fixture.ts';

const test = suite('graph: relink');

const FILES = {
  'project.yml': 'name: shop\n',
  'models/a.sql': 'select 1 as id',
  'models/b.sql': "select * from {{ ref('a') }}",
  'models/schema.yml': 'models:\n  - name: a\n    columns: [{name: id, data_tests: [unique]}]\n  - {name: b}\n',
  'models/raw.yml': 'sources: [{name: raw, tables: [{name: orders}]}]\n',
};

async function edited(edit: (shop: Fixture) => Promise<unknown>): Promise<{ now: Project; relinked: ReturnType<typeof relink> }> {
  const shop = await project(FILES);
  const first = (await parsed(shop)).project;
  await edit(shop);
  const now = (await parsed(shop)).project;
  return { now, relinked: relink(now, { id: '', manifest: link(first), sameNames: true }) };
}

test('where texts changed, it makes what link would make, and keeps the nodes that are as they were', async () => {
  for (const sql of ["-- another line\n\nselect * from {{ ref('a') }}", "select 1 from {{ ref('a') }} where true"]) {
    const { now, relinked } = await edited((shop) => shop.write('models/b.sql', sql));
    assert.equal(relinked, link(now));
    assert.equal([...(relinked?.nodes.keys() ?? [])], [...link(now).nodes.keys()]);
  }
});

test('anything else is for link', async () => {
  const edits: Readonly<Record<string, string>> = {
    'models/b.sql': "select * from {{ ref('a') }} join {{ source('raw', 'orders') }} using (id)",
    'models/a.sql': "{{ config(alias='other') }} select 1 as id",
    'models/schema.yml': FILES['models/schema.yml'].replace('unique', 'not_null'),
    'models/c.sql': 'select 1',
  };
  for (const [path, text] of Object.entries(edits)) {
    const { relinked } = await edited((shop) => shop.write(path, text));
    assert.is(relinked, undefined, path);
  }
});

test('a place that link warned of may be another one', async () => {
  const left = 'models: [{name: a, data_tests: [{relationships: {to: "ref(\'none\')", field: id, column_name: id}}]}]\n';
  const shop = await project({ ...FILES, 'models/schema.yml': left });
  const { project: now } = await parsed(shop);
  const manifest = link(now);
  assert.ok(manifest.warnings.length > now.warnings.length);
  assert.is(relink(now, { id: '', manifest, sameNames: true }), undefined);
});

test.run();

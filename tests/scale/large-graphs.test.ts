// Graphs of 10,000 models, a long one and a wide one: no phase may recurse along an edge, or take quadratic time. How many of
// them are run says DWH_TEST_MODELS; `npm run proof` runs all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixtureIn } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('large graphs');
const many = 10_000;
const some = Number(process.env.DWH_TEST_MODELS ?? 1000);
const perLayer = 100;

const name = (model: number): string => `m_${String(model).padStart(5, '0')}`;
const ref = (model: number): string => `{{ ref('${name(model)}') }}`;

/** One folder for all shapes: making and removing so many files takes longer than reading them. */
const project = fixtureIn(tempDir('large'));

function write(sql: (model: number) => string): void {
  for (let model = 0; model < many; model++) {
    const folder = project.path(join('models', `area_${Math.floor(model / perLayer)}`));
    if (model % perLayer === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name(model)}.sql`), `${sql(model)}\n`);
  }
  writeFileSync(project.path('project.yml'), 'name: large\nmodels: {+materialized: table}\n');
}

/** The number of each is one more than that of the model before. */
const chained = (model: number): string => (model === 0 ? 'select 0 as n' : `select n + 1 as n from ${ref(model - 1)}`);

/** Each reads three of the layer below and is one more than they are, if they agree. */
function layered(model: number): string {
  if (model < perLayer) return 'select 0 as n';
  const below = (Math.floor(model / perLayer) - 1) * perLayer;
  const [a, b, c] = [0, 1, 49].map((step) => ref(below + ((model + step) % perLayer)));
  return `select a.n + 1 as n from ${a} as a, ${b} as b, ${c} as c where a.n = b.n and b.n = c.n`;
}

async function answer(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.cli(args);
  assert.is(code, 0, `dwh ${args.join(' ')}:\n${stdout.slice(-2000)}${stderr}`);
  return stdout;
}

const listed = async (...selection: readonly string[]): Promise<readonly string[]> =>
  (await answer('ls', '--output', 'name', ...selection)).trimEnd().split('\n');

async function parsesAndLists(ancestorsOfLast: number): Promise<void> {
  assert.match(await answer('parse'), `Parsed ${many} models`);
  assert.equal(
    [...(await listed())].sort(),
    Array.from({ length: many }, (_, model) => name(model)),
  );
  assert.is((await listed('-s', `+${name(many - 1)}`)).length, ancestorsOfLast + 1);
}

/** Runs the first DWH_TEST_MODELS, and returns the number that the last of them holds. */
async function runs(): Promise<number> {
  const folders = Array.from({ length: some / perLayer }, (_, area) => `path:models/area_${area}`);
  assert.match(await answer('run', '-s', ...folders), `Done. PASS=${some} WARN=0 ERROR=0 SKIP=0`);
  return Number((await project.query(`select n from ${name(some - 1)}`)).flat());
}

test('a chain of 10,000 models parses and lists', async () => {
  write(chained);
  await parsesAndLists(many - 1);
});

test(`a chain of ${some} models runs`, async () => {
  assert.is(await runs(), some - 1);
});

test('a chain closed to a circle is shown by its beginning and its end, each reference with its place', async () => {
  await project.write('models/area_0/m_00000.sql', `select n from ${ref(many - 1)}`);
  const { code, stdout, stderr } = await project.cli(['parse']);
  assert.is(code, 2);
  const text = stdout + stderr;
  assert.match(
    text,
    'models/area_0/m_00000.sql:1:18 error[graph-cycle] these nodes depend on one another in a circle: m_00000 → m_09999 → ',
  );
  assert.match(text, ' → m_09981 → … 9960 more … → m_00020 → ');
  assert.match(text, ' → m_00001 → m_00000\n');
  assert.match(text, '\n  models/area_99/m_09999.sql:1:27: m_09999 refers to m_09998\n');
  assert.match(text, '\n  … 9960 more …\n');
  assert.ok(text.split('\n').length < 50, `${text.split('\n').length} lines`);
});

test('a layered graph of 10,000 models parses and lists', async () => {
  write(layered);
  await parsesAndLists(8649);
});

test(`a layered graph of ${some} models runs`, async () => {
  assert.is(await runs(), some / perLayer - 1);
});

test.run();

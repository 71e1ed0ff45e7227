// The page of docs generate, in a real browser where there is one: what it shows, and that nothing of the project becomes HTML.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, project } from '../support/fixture.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const browser = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => join(folder, name)))
  .find(isProgram);

/** The page's elements once its script has run. */
async function shown(file: string, hash = ''): Promise<string> {
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${tempDir('browser')}`, '--dump-dom'];
  const { stdout } = await promisify(execFile)(browser ?? '', [...args, `${pathToFileURL(file).href}${hash}`], { timeout: 60_000 });
  return stdout.slice(stdout.indexOf('<nav')).replace(/<script[\s\S]*?<\/script>/g, '');
}

const NASTY = '</script><script>document.title="taken"</script><img src=x onerror=alert(1)> & **bold** `code`';

const shop = async (): Promise<Fixture> => {
  const made = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': "{{ config(materialized='table', tags=['nightly']) }}\nselect 1 as id, 2 as n -- <b>",
    'models/report.sql': "select * from {{ ref('orders') }}",
    'models/shop.yml': `models:
  - name: orders
    description: ${JSON.stringify(NASTY)}
    columns: [{name: id, description: The key, data_tests: [not_null, unique]}]
`,
    'models/overview.md':
      '{% docs __overview__ %}\n# Welcome\n\n- one\n- two\n\n[home](https://example.com) [bad](javascript:alert(1))\n{% enddocs %}\n',
  });
  await made.run('run');
  await made.run('docs generate', { docs: { compile: true, emptyCatalog: false, static: true } });
  return made;
};

const test = suite('site: the page');

test('one file, and the same as static_index.html; it names nothing of the network, and its data cannot end their element', async () => {
  const made = await shop();
  const html = await made.read('target/index.html');
  assert.is(await made.read('target/static_index.html'), html);
  assert.is(html.match(/<\/script>/g)?.length, 2);
  assert.equal(html.match(/(?:src|href)="(?!#|data:)[^"]*"/g), null);
  const data = JSON.parse(/id="site">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
  assert.is(data.nodes.find(({ id }: { id: string }) => id === 'model.shop.orders').description, NASTY);
});

const inBrowser = skipUnless(browser, 'there is no Chromium or Chrome in PATH', test);

inBrowser('overview, a node with columns, tests, lineage and SQL, and an address of nothing', async () => {
  const made = await shop();
  const file = made.path('target/index.html');
  const overview = await shown(file);
  for (const part of [
    '<h3>Welcome</h3>',
    '<li>two</li>',
    '<a href="https://example.com">home</a>',
    '[bad](javascript:alert(1))',
    '<li>2 models</li>',
  ])
    assert.ok(overview.includes(part), part);
  const orders = await shown(file, '#!/model/model.shop.orders');
  for (const part of [
    '>orders</h2>',
    '&lt;script&gt;document.title="taken"',
    '&lt;img src=x onerror=alert(1)&gt; &amp; <strong>bold</strong> <code>code</code>',
    '<span class="tag">nightly</span>',
    '<td><code>id</code></td><td>INTEGER</td><td><p>The key</p></td><td><span class="tag">not_null</span><span class="tag">unique</span></td>',
    '<td><code>n</code></td>',
    'aria-label="model report"',
    'BASE TABLE',
    'select 1 as id, 2 as n -- &lt;b&gt;',
    '<a href="#!/model/model.shop.orders" aria-current="page">orders</a>',
  ])
    assert.ok(orders.includes(part), `${part}\n${orders}`);
  assert.not.match(orders, /<img/);
  const report = await shown(file, '#!/model/model.shop.report');
  assert.ok(report.includes('<h3>Reads</h3><ul><li><a href="#!/model/model.shop.orders">orders</a>'), report);
  assert.ok((await shown(file, '#!/model/model.shop.none')).includes('There is no such node'));
});

test.run();

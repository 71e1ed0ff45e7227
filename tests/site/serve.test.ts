// docs serve: the page at an address, and nothing else of the folder.
import { request } from 'node:http';
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { servePage } from '../../src/site/serve.ts';
import { project } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('site: docs serve');

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}
/** The path as it is written, '..' too. */
const get = (url: string, path: string, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path, method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => (text += more));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });

test('the page and its artifacts are handed out, other files are not; it ends with the signal', async () => {
  const made = await project({
    'target/index.html': '<p>page',
    'target/catalog.json': '{}',
    'target/partial_parse.bin': 'x',
    'secret.txt': 'x',
  });
  const stop = new AbortController();
  const seen: Answer[] = [];
  await servePage(made.path('target'), { host: '127.0.0.1', port: 0 }, stop.signal, (url) => {
    const ask = async (): Promise<void> => {
      for (const path of [
        '/',
        '/index.html?x=1',
        '/catalog.json',
        '/manifest.json',
        '/partial_parse.bin',
        '/../secret.txt',
        '/..%2fsecret.txt',
        '/constructor',
        '//',
        '//a:b:c',
      ])
        seen.push(await get(url, path));
      seen.push(await get(url, '/', 'HEAD'));
    };
    void ask().finally(() => stop.abort());
  });
  assert.equal(
    seen.map(({ status }) => status),
    [200, 200, 200, 404, 404, 404, 404, 404, 404, 404, 200],
  );
  assert.equal([seen[0]?.text, seen[2]?.text, seen[10]?.text], ['<p>page', '{}', '']);
});

test('no page yet, and an address that is taken, are errors', async () => {
  const made = await project({ 'target/index.html': '<p>page' });
  const never = new AbortController().signal;
  await rejects(
    servePage(made.path('no'), { host: '127.0.0.1', port: 0 }, never, () => {}),
    { code: 'docs-missing', hint: 'dwh docs generate' },
  );
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  await rejects(
    servePage(made.path('target'), { host: '127.0.0.1', port }, never, () => {}),
    { code: 'docs-unserved', message: String(port) },
  );
  await new Promise((resolve) => other.close(resolve));
});

test.run();

// The files of the page over HTTP, until nobody wants them any more. Nothing else of the folder is handed out.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fail } from '../core/problem.ts';

const FILES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'static_index.html': 'text/html; charset=utf-8',
  'manifest.json': 'application/json',
  'catalog.json': 'application/json',
  'run_results.json': 'application/json',
};

export interface Place {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** Ends with the signal. `ready` hears where the page is. Throws DwhError when there is no page, or nobody may listen there. */
export async function servePage(folder: string, { host, port }: Place, signal: AbortSignal, ready: (url: string) => void): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    fail({ code: 'docs-missing', message: `there is no page in ${folder} yet`, hint: 'Make it first: dwh docs generate' });
  }
  const server = createServer((request, response) => {
    // Whatever is asked for: '//' is no URL.
    const name = (request.url ?? '/').replace(/[?#].*$/s, '').slice(1) || 'index.html';
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    const path = join(folder, name);
    if (type === undefined || !existsSync(path)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.\n');
      return;
    }
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(path)
        .on('error', () => response.destroy())
        .pipe(response);
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('close', resolve);
    server.listen(port, host, () => {
      signal.addEventListener('abort', close, { once: true });
      if (signal.aborted) return close();
      const { port: taken } = server.address() as AddressInfo;
      ready(`http://${host.includes(':') ? `[${host}]` : host}:${taken}`);
    });
  }).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    return fail(
      {
        code: 'docs-unserved',
        message: `nothing can be served at ${host}:${port}: ${message}`,
        hint: 'Name another: --port 8081, --host 127.0.0.1',
      },
      { cause: error },
    );
  });
}

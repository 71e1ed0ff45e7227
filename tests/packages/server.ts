// Packages of the test's own: tarballs made in memory, a hub and plain files by HTTP on this machine, and git repositories.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fixtureIn } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Files and their texts; a name that ends with / is a folder. */
export function tarball(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const data = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(name.endsWith('/') ? '5' : '0', 156);
    header.write('ustar\0', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

export interface Site {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  put(path: string, content: Buffer | unknown): void;
  /** A package of the hub, whose versions need `packages`. */
  release(name: string, versions: Readonly<Record<string, { packages?: readonly unknown[]; requires?: string }>>): void;
  close(): void;
}

export async function site(): Promise<Site> {
  const files = new Map<string, Buffer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const found = files.get(request.url ?? '');
    response.writeHead(found ? 200 : 404).end(found);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const names: string[] = [];
  const put = (path: string, content: Buffer | unknown): void => {
    files.set(path, Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content)));
  };
  return {
    url,
    asked,
    put,
    release(name, versions) {
      names.push(name);
      const [, short = name] = name.split('/');
      const entries = Object.entries(versions).map(([version, { packages = [], requires }]) => {
        const path = `/files/${short}-${version}.tar.gz`;
        put(path, tarball({ [`${short}-${version}/dbt_project.yml`]: `name: ${short}\nversion: '${version}'\n` }));
        return [
          version,
          { name: short, packages, downloads: { tarball: `${url}${path.slice(1)}` }, ...(requires && { require_dbt_version: requires }) },
        ];
      });
      put(`/api/v1/${name}.json`, { name: short, versions: Object.fromEntries(entries) });
      put('/api/v1/index.json', names);
    },
    close: () => server.close(),
  };
}

/** A repository with one commit for each of `commits`, tagged v1, v2, … */
export async function repository(
  ...commits: readonly Readonly<Record<string, string>>[]
): Promise<{ readonly dir: string; commit(revision: string): string }> {
  const dir = tempDir('repository');
  const folder = fixtureIn(dir);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  git('init', '-q', '-b', 'trunk');
  for (const [index, files] of commits.entries()) {
    for (const [name, text] of Object.entries(files)) await folder.write(name, text);
    git('add', '-A');
    git('commit', '-q', '-m', `${index + 1}`);
    git('tag', `v${index + 1}`);
  }
  return { dir, commit: (revision) => git('rev-parse', revision) };
}

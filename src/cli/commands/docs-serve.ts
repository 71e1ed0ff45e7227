// dwh docs serve: the page of docs generate over HTTP, until Ctrl-C.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { servePage } from '../../site/serve.ts';
import type { Command } from '../command.ts';
import { usage } from '../given.ts';
import { projectSettings } from '../project-settings.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Whoever has no browser opens the address by hand. */
function open(url: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}

export const docsServe: Command = {
  options: {
    port: { kind: 'number', group: 'Execution', describe: 'The port to listen at (default: 8080); 0: any' },
    host: { kind: 'text', env: 'HOST', group: 'Execution', describe: 'The address to listen at (default: 127.0.0.1)' },
    browser: { kind: 'flag', on: true, group: 'Execution', describe: 'Do not open a browser' },
  },
  examples: [['dwh docs serve --port 8081 --no-browser', 'at http://127.0.0.1:8081']],
  async run(invocation) {
    const { given, system } = invocation;
    const [port, host] = [given.number('port') ?? 8080, given.text('host') ?? '127.0.0.1'];
    if (!Number.isInteger(port) || port < 0 || port > 65_535) usage(`--port is ${port}, and should be from 0 to 65535`);
    const opens = (given.flag('browser') ?? true) && system.stdout.isTTY;
    return carryOut(await requestOf('docs serve', invocation, 'serve'), {
      ...invocation,
      system: {
        ...system,
        async perform(request, { signal }, emit) {
          const folder = resolve(request.projectDir, request.targetPath ?? projectSettings(request).string('target-path') ?? 'target');
          await servePage(folder, { host, port }, signal, (url) => {
            emit({ type: 'note', level: 'info', message: `The page is at ${url}. Ctrl-C ends this.` });
            if (opens) open(url);
          });
        },
      },
    });
  },
};

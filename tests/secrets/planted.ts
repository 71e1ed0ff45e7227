// Runs the command line in this process on a project, and looks for planted secrets in all that it printed and left behind.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { perform } from '../../src/engine/index.ts';
import { dwh } from '../cli/fake-system.ts';
import type { Fixture } from '../support/fixture.ts';

export interface Said {
  readonly status: number;
  /** Both streams. */
  readonly text: string;
}

/** With quotes, characters of regular expressions and of URLs, and one that is not ASCII. */
export const AWKWARD = 'pa\'ss"w$1.*[x]/\\d+ é&<%';
export const PLAIN = 'correcthorse7battery';
export const KEY_OF_LINES = '-----BEGIN KEY-----\nMIIplantedline1\nMIIplantedline2\n-----END KEY-----';

/** Written here by hand: what the product itself thinks of spellings must not decide what is looked for. */
function waysToWrite(secret: string): readonly string[] {
  return [
    secret,
    secret.replaceAll("'", "''"),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('é', '\\u00e9').replaceAll("'", "''"),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    ...secret.split('\n').filter((line) => line.length >= 8),
  ];
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

/** 'stdout: secret' for each secret that came to light; `target` of the project is searched, too. */
export function leaks(project: Fixture, said: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const files = filesBelow(project.path('target')).map((file) => [file.slice(project.dir.length + 1), readFileSync(file)] as const);
  const texts = Object.entries(said).map(([name, text]) => [name, Buffer.from(text)] as const);
  return [...texts, ...files].flatMap(([name, bytes]) =>
    secrets.flatMap((secret) => waysToWrite(secret).flatMap((way) => (bytes.includes(way) ? [`${name}: ${way}`] : []))),
  );
}

/** A command as a user gives it: what it says as text, with all details, and as JSON. */
export async function say(project: Fixture, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const { status, stdout, stderr } = await dwh(argv, {
    env,
    cwd: project.dir,
    engine: (request, deps, emit) => perform(request, deps, emit),
  });
  return { status, text: stdout + stderr };
}

/** Nothing of `secrets` in what these commands print, in both formats, nor in what is in target/ after each. Returns what they said. */
export async function keepsSecrets(
  project: Fixture,
  commands: readonly (readonly string[])[],
  secrets: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  await project.write('target/.keep', '');
  for (const command of commands) {
    const name = command.join(' ');
    for (const format of [
      ['--log-level', 'debug'],
      ['--log-format', 'json'],
    ]) {
      const { status, text } = await say(project, [...command, ...format], env);
      assert.is.not(status, 3, `${name} ${format.join(' ')}\n${text}`);
      findsNone(leaks(project, { [`${name} ${format.join(' ')}`]: text }, secrets));
      if (format[1] === 'debug') texts.set(name, text);
      else for (const line of text.split('\n')) if (line.startsWith('{')) JSON.parse(line);
    }
  }
  for (const file of filesBelow(project.path('target'))) if (file.endsWith('.json')) jsonOf(file);
  return texts;
}

/** A few of them say enough. */
export function findsNone(found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${found.length} secrets are in the open:\n${found.slice(0, 5).join('\n')}`);
}

/** The table of the parse cache has a line before its JSON. */
function jsonOf(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  return JSON.parse(file.endsWith('partial_parse.files.json') ? text.slice(text.indexOf('\n') + 1) : text);
}

// The program as V8 compiled it, kept between runs: without, a third of a warm parse is reading and compiling scripts. Each
// command has a file, so that none reads what only others need; the first run of it that ends well writes it. Whatever is wrong with
// the files costs time, nothing else. Rejected: Node's own cache (from 22 on, in a folder that all users may write to, and without
// functions that are compiled when they are first called).
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { sha256 } from '../project/hash.ts';
import { makeFolder } from '../project/make-folder.ts';

const UNUSED_MS = 30 * 24 * 3600 * 1000;
/** What V8 is handed is not checked by it: a damaged file would end the process. */
const HASH_BYTES = 64;

/** The exports of a CommonJS file in ASCII whose name changes with its contents. `command`: the first word of the command line. */
export function loadCompiled(filename: string, command: string | undefined): unknown {
  setFlags();
  const file = cacheFile(filename, command);
  const cachedData = file && readTrusted(file);
  const text = readFileSync(filename, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename,
    ...(cachedData && { cachedData }),
  });
  if (file && (!cachedData || script.cachedDataRejected === true)) {
    process.on('exit', (status) => {
      if (status === 0 || status === 1) write(file, script);
    });
  }
  const made = { exports: {} };
  script.runInThisContext()(made.exports, createRequire(filename), made, filename, dirname(filename));
  return made.exports;
}

/** They are part of what the compiled code goes by, and so the same in each run. */
function setFlags(): void {
  // Node 20 optimises what has run for a while, and most of dwh's runs end before that pays: a sixth of their CPU time went into
  // code that hardly ran any more. Here it waits nine times as long. Node 22 and later weigh this better, and have no such flag.
  if (Number.parseInt(process.versions.node, 10) <= 21) setFlagsFromString('--interrupt-budget=600000');
  // What was compiled is there when the run ends.
  setFlagsFromString('--no-flush-bytecode');
}

/** undefined: there is no place for it. */
function cacheFile(filename: string, command = ''): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const caches = XDG_CACHE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(HOME || homedir(), '.cache');
  const name = /^(?:[a-z][a-z-]*|__complete)$/.test(command) ? command : 'other';
  return join(caches, 'dwh', `${basename(filename)}-${process.version}-${process.arch}`, name);
}

/** Only what this user wrote: it is code. */
function readTrusted(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      if (process.getuid && fstatSync(file).uid !== process.getuid()) return undefined;
      const bytes = readFileSync(file);
      const code = bytes.subarray(HASH_BYTES);
      return sha256(code) === bytes.toString('latin1', 0, HASH_BYTES) ? code : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function write(file: string, script: Script): void {
  const folder = dirname(file);
  const beside = `${file}.${randomUUID()}`;
  try {
    makeFolder(folder, 0o700);
    removeUnused(dirname(folder));
    const code = script.createCachedData();
    writeFileSync(beside, Buffer.concat([Buffer.from(sha256(code)), code]));
    renameSync(beside, file);
  } catch {
    rmSync(beside, { force: true });
  }
}

/** Folders of other versions. */
function removeUnused(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < Date.now() - UNUSED_MS) rmSync(path, { recursive: true, force: true });
  }
}

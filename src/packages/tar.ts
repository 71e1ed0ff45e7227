// A .tar.gz unpacked into a folder: files and folders, never outside of it. Names longer than a header come in PAX or GNU form.
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
import { writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { makeFolder } from '../project/make-folder.ts';

const BLOCK = 512;
/** Of what comes out: a package is text. */
const MAX_BYTES = 512 << 20;

const text = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8');
};
const octal = (bytes: Buffer): number => Number.parseInt(text(bytes).trim() || '0', 8);

/** 'len key=value\n' after one another. */
function paxPath(data: Buffer): string | undefined {
  for (let at = 0; at < data.length; ) {
    const length = Number.parseInt(data.subarray(at, at + 20).toString('latin1'), 10);
    if (!(length > 0)) return undefined;
    const record = data.subarray(at, at + length).toString('utf8');
    const match = /^\d+ path=([^\n]*)\n$/.exec(record);
    if (match) return match[1];
    at += length;
  }
  return undefined;
}

/** Throws an Error that says what is wrong with the archive. Returns the names at its top. */
export function unpack(archive: Buffer, folder: string): readonly string[] {
  const isZipped = archive[0] === 0x1f && archive[1] === 0x8b;
  const bytes = isZipped ? gunzipSync(archive, { maxOutputLength: MAX_BYTES }) : archive;
  const top = new Set<string>();
  let longName: string | undefined;
  let at = 0;
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    if (octal(header.subarray(148, 156)) !== sum) throw new Error('it is not a tar archive');
    const size = octal(header.subarray(124, 136));
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (data.length < size) throw new Error('the archive is cut off');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'L') longName = text(data);
    else if (type === 'x') longName = paxPath(data) ?? longName;
    else if (type !== 'g' && type !== 'K') {
      const prefix = text(header.subarray(257, 263)).startsWith('ustar') ? text(header.subarray(345, 500)) : '';
      const own = text(header.subarray(0, 100));
      const name = longName ?? (prefix === '' ? own : `${prefix}/${own}`);
      longName = undefined;
      const path = normalize(name);
      if (path.startsWith('..') || path.startsWith(sep) || /^[A-Za-z]:/.test(path))
        throw new Error(`it would write outside of its folder: ${name}`);
      if (path === '.' || path === `.${sep}`) continue;
      top.add(path.split(sep)[0] ?? path);
      if (type === '5') makeFolder(join(folder, path));
      else if (type === '0' || type === '\0') {
        makeFolder(dirname(join(folder, path)));
        writeFileSync(join(folder, path), data);
      }
    }
  }
  if (top.size === 0) throw new Error('it is not a tar archive, or there is nothing in it');
  return [...top];
}

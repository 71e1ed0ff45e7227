// The endpoint into profiles.yml: the one word behind `host:`, where it stands as plain text. Everything else in the file stays
// as it is, byte for byte.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDocument, Scalar } from 'yaml';
import { hasJinja } from '../../../project/render-text.ts';

/** Whether it was written: a host that is a template is the user's to set. */
export async function writeHost(
  root: string,
  file: string,
  { profileName, targetName }: { readonly profileName: string; readonly targetName: string },
  host: string,
): Promise<boolean> {
  const path = resolve(root, file);
  const text = await readFile(path, 'utf8');
  const node: unknown = parseDocument(text, { keepSourceTokens: true }).getIn([profileName, 'outputs', targetName, 'host'], true);
  if (!(node instanceof Scalar) || !node.range || hasJinja(String(node.value))) return false;
  const [from, to] = node.range;
  await writeFile(path, `${text.slice(0, from)}${host}${text.slice(to)}`);
  return true;
}

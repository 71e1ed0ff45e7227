// Jinja in YAML values: every text with a {{ or {% is rendered, natively (one expression keeps its type), the rest stays as
// it is. Mistakes become problems at the value's own place.
import type { ConfigPath } from '../core/config-reader.ts';
import { isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { fromTemplate, renderValue } from '../template/index.ts';
import type { Host } from '../template/types.ts';
import { plainData } from './plain-data.ts';

export const hasJinja = (text: string): boolean => text.includes('{{') || text.includes('{%') || text.includes('{#');

export interface TextPlace {
  readonly file: string;
  readonly package: string;
  readonly locate: (path: ConfigPath) => Location;
}

/** The rendered value, as plain data. Throws DwhError with a place. */
export function renderText(text: string, host: Host, place: TextPlace, path: ConfigPath): unknown {
  if (!hasJinja(text)) return text;
  const at = place.locate(path);
  return plainData(fromTemplate(renderValue(text, { file: place.file, package: place.package, at }, host)));
}

/** A copy with every text rendered. `late` names what is rendered later by someone else, and stays as it is. */
export function renderAll(
  value: unknown,
  host: Host,
  place: TextPlace,
  problems: Problem[],
  path: ConfigPath = [],
  late: (path: ConfigPath) => boolean = () => false,
): unknown {
  if (typeof value === 'string') {
    if (!hasJinja(value) || late(path)) return value;
    try {
      return renderText(value, host, place, path);
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      problems.push(...error.problems);
      return value;
    }
  }
  if (Array.isArray(value)) return value.map((item, index) => renderAll(item, host, place, problems, [...path, index], late));
  if (!isMapping(value)) return value;
  if (late(path)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, renderAll(item, host, place, problems, [...path, key], late)]),
  );
}

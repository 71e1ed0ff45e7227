// Where a load's files are, as this engine reaches them: on this machine, or on S3.
import type { CopySpec } from '../core/node.ts';
import { isS3Url } from '../s3/index.ts';
import { type JsonpathsFile, readJsonpaths } from './jsonpaths-file.ts';
import { changedSince, listFiles } from './list.ts';
import type { Place } from './place.ts';
import { s3Jsonpaths, s3Place } from './s3-place.ts';

export function placeOf(spec: CopySpec, projectDir: string): Place {
  if (isS3Url(spec.from)) return s3Place(spec);
  return {
    list: () => listFiles(spec.from, projectDir, spec.at),
    changedSince: async (files) => changedSince(files),
    async close() {},
  };
}

/** undefined: the load needs none. Throws DwhError when it cannot be read. */
export async function jsonpathsOf(spec: CopySpec, projectDir: string, signal: AbortSignal): Promise<JsonpathsFile | undefined> {
  return spec.format === 'json' && isS3Url(spec.jsonpaths) ? s3Jsonpaths(spec, signal) : readJsonpaths(spec, projectDir);
}

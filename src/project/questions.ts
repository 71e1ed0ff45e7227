// Questions: an analysis with `config: {expect: file.csv}` is also a test that compares its rows with the file's.
import { posix } from 'node:path';
import { type AnalysisNode, type TestNode, uniqueId } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { DEFAULTS, mergeConfig } from './config-rules.ts';
import type { Reading } from './reading.ts';
import type { SourceFile } from './types.ts';

/** undefined: the analysis expects nothing. `sideFile` reads a path relative to the root project. Throws DwhError. */
export function questionNode(
  reading: Reading,
  analysis: AnalysisNode,
  sideFile: (path: string) => SourceFile | undefined,
): TestNode | undefined {
  const { expect, ordered, tolerance } = analysis.config;
  if (expect === undefined || expect === null) return undefined;
  const path = posix.join(posix.dirname(analysis.at.file), String(expect));
  const source = sideFile(path);
  if (!source) {
    return fail({
      code: 'expect-missing',
      message: `the analysis '${analysis.name}' expects the rows of ${path}, and there is no such file`,
      at: analysis.at,
      hint: 'The path is relative to the analysis.',
    });
  }
  const width = tolerance === undefined || tolerance === null ? 0 : Number(tolerance);
  if (!Number.isFinite(width) || width < 0) {
    fail({
      code: 'config-value',
      message: `'tolerance' of the analysis '${analysis.name}' should be a number from 0, and is ${JSON.stringify(tolerance)}`,
      at: analysis.at,
    });
  }
  const { enabled, tags, meta, severity, where: _, ...rest } = analysis.config;
  const config = mergeConfig(DEFAULTS.data_tests, {
    ...(enabled !== undefined && { enabled }),
    ...(severity !== undefined && { severity }),
    tags: tags ?? [],
    meta: meta ?? {},
    ...Object.fromEntries(['ordered', 'tolerance', 'expect'].flatMap((key) => (rest[key] === undefined ? [] : [[key, rest[key]]]))),
  });
  const unique_id = uniqueId('test', analysis.package_name, analysis.name);
  const names = reading.relationNames(
    { ...analysis, baseConfig: config, resource_type: 'test', unique_id, raw_code: analysis.raw_code },
    config,
  );
  return {
    ...analysis,
    resource_type: 'test',
    test_kind: 'question',
    unique_id,
    config,
    ...names,
    expect: { file: path, text: source.text(), ordered: ordered === true || ordered === 'true', tolerance: width },
  };
}

// on-run-start and on-run-end: each statement is a node that runs before or after everything else.
// https://docs.getdbt.com/reference/project-configs/on-run-start-on-run-end
import type { ParsingSubject } from '../context/types.ts';
import { type OperationNode, uniqueId } from '../core/node.ts';
import { mappingOf } from './columns.ts';
import type { Config } from './config-rules.ts';
import { macrosOf, recordHooks, textsOf, withFunctions, withHooks, writtenConfig } from './file-nodes.ts';
import { checksumOf, contentHash } from './files.ts';
import type { ProjectConfig } from './project-config.ts';
import type { Reading } from './reading.ts';
import type { PackageFiles } from './types.ts';

export function operationNodes(
  reading: Reading,
  { name: packageName, projectFile, project }: PackageFiles,
  hooks: ProjectConfig['hooks'] | undefined,
  attempt: <T>(make: () => T) => T | undefined,
): readonly OperationNode[] {
  return (['on-run-start', 'on-run-end'] as const).flatMap((when) =>
    (hooks?.[when] ?? []).flatMap((raw_code, index): OperationNode[] => {
      if (raw_code.trim() === '') return [];
      const name = `${packageName}-${when}-${index}`;
      const unique_id = uniqueId('operation', packageName, name);
      const fqn = [packageName, 'hooks', name];
      // As in dbt, what is said of models goes for hooks, too.
      const config = reading.cascade.finish('models', packageName, fqn, reading.cascade.base('models', packageName, fqn));
      const subject: ParsingSubject = {
        unique_id,
        name,
        package_name: packageName,
        resource_type: 'operation',
        original_file_path: projectFile.path,
        path: `hooks/${name}.sql`,
        fqn,
        baseConfig: config,
        raw_code,
        ...(when === 'on-run-end' && { more: { results: [], schemas: [], database_schemas: [] } }),
      };
      const at = project.source.locate([when, index]) ?? { file: projectFile.file, line: 1, column: 1 };
      const textAt = project.atValue(when, index) ?? at;
      const calls = attempt(() => reading.record(subject, [{ text: raw_code, file: projectFile.file, at: textAt }]));
      // What is said of models goes for hooks: their own hooks never run, and what they call and read counts.
      const own = attempt(() => recordHooks(reading, subject, withHooks(config), projectFile.file));
      if (!calls || !own) return [];
      return [
        {
          resource_type: 'operation',
          when,
          index,
          raw_code,
          unique_id,
          name,
          ...reading.relationNames(subject, config),
          package_name: packageName,
          path: subject.path,
          original_file_path: projectFile.path,
          fqn: subject.fqn,
          at,
          description: '',
          config: { ...withHooks(withoutAccess(config)), enabled: true },
          ...writtenConfig(reading.cascade.written('models', packageName, fqn), []),
          tags: [when, ...textsOf(config.tags)],
          meta: mappingOf(config.meta),
          columns: [],
          checksum: checksumOf(contentHash(raw_code)),
          refs: [...calls.refs, ...own.refs],
          ...withFunctions([...calls.functions, ...own.functions]),
          sources: [...calls.sources, ...own.sources],
          ...macrosOf(calls, own),
          depends_on: [],
        },
      ];
    }),
  );
}

/** A hook is nothing that others ref. */
const withoutAccess = (config: Config): Config => Object.fromEntries(Object.entries(config).filter(([key]) => key !== 'access'));

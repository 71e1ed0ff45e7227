// `require-dbt-version` of the project and its packages. dwh goes by one minor release of dbt, whatever its patches: a range is met
// when any of them is in it. https://docs.getdbt.com/reference/project-configs/require-dbt-version
import { DBT_VERSION } from '../core/artifact-metadata.ts';
import type { Problem } from '../core/problem.ts';
import { type Bound, boundOf, canMeet, versionOf } from '../core/version-ranges.ts';
import type { PackageFiles } from './types.ts';

const [MAJOR = 0, MINOR = 0] = versionOf(DBT_VERSION)?.numbers ?? [];
const OURS = [`>=${MAJOR}.${MINOR}.0`, `<${MAJOR}.${MINOR + 1}.0-0`].flatMap((text) => boundOf(text) ?? []);

/** What is wrong with a package's range, or undefined. */
export function requiredVersionProblem({ name, project, projectFile }: PackageFiles): Problem | undefined {
  const raw = project.raw('require-dbt-version');
  const texts = (Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw]).flatMap((one) => String(one).split(','));
  const shown = texts.map((text) => text.trim()).join(', ');
  const at = project.at('require-dbt-version') ?? { file: projectFile.file, line: 1, column: 1 };
  const bounds: Bound[] = [];
  for (const text of texts) {
    const bound = boundOf(text);
    if (!bound)
      return {
        code: 'dbt-version',
        at,
        message: `require-dbt-version: '${text.trim()}' is not a version, nor a condition on one`,
        hint: `Write it as in: require-dbt-version: [">=${MAJOR}.0.0", "<${MAJOR + 1}.0.0"]`,
      };
    bounds.push(bound);
  }
  if (canMeet([...bounds, ...OURS])) return undefined;
  const possible = canMeet(bounds);
  return {
    code: 'dbt-version',
    at,
    message: possible
      ? `'${name}' needs dbt ${shown}, and dwh goes by dbt ${MAJOR}.${MINOR}`
      : `'${name}' needs dbt ${shown}, which no version can be`,
    hint: possible ? 'Take another version of it, or go on all the same with --no-version-check' : 'Mend the range.',
  };
}

// Metrics, semantic models and saved queries, also those that dbt 1.11 lets stand at a model: dwh answers no questions of this
// kind, so they are counted, and passed over with one notice for the whole project.
import { isMapping } from '../core/config-reader.ts';
import type { Problem } from '../core/problem.ts';
import type { YamlText } from './yaml.ts';

const WORDS = {
  metrics: ['metric', 'metrics'],
  semantic_models: ['semantic model', 'semantic models'],
  saved_queries: ['saved query', 'saved queries'],
} as const;
export const SEMANTIC_KINDS: readonly string[] = Object.keys(WORDS);
/** Of an entry of `models:`. */
export const SEMANTIC_MODEL_KEYS: readonly string[] = [
  'semantic_model',
  'agg_time_dimension',
  'primary_entity',
  'derived_semantics',
  'metrics',
];

export function semanticNotice(files: readonly { readonly yaml: YamlText }[]): readonly Problem[] {
  const counts = { metrics: 0, semantic_models: 0, saved_queries: 0 };
  let first: Problem['at'];
  for (const { yaml } of files) {
    const top = isMapping(yaml.value) ? yaml.value : {};
    const count = (kind: keyof typeof counts, number: number, path: readonly (string | number)[]): void => {
      if (number === 0) return;
      counts[kind] += number;
      first ??= yaml.locate(path);
    };
    for (const kind of Object.keys(counts) as (keyof typeof counts)[]) count(kind, sizeOf(top[kind]), [kind]);
    for (const [index, model] of (Array.isArray(top.models) ? top.models : []).entries()) {
      if (!isMapping(model)) continue;
      const { semantic_model: semantic } = model;
      count('semantic_models', semantic === true || isMapping(semantic) ? 1 : 0, ['models', index, 'semantic_model']);
      count('metrics', sizeOf(model.metrics), ['models', index, 'metrics']);
    }
  }
  if (first === undefined) return [];
  const texts = Object.entries(counts).flatMap(([kind, number]) =>
    number === 0 ? [] : [`${number} ${WORDS[kind as keyof typeof counts][number === 1 ? 0 : 1]}`],
  );
  return [
    {
      code: 'semantic-layer',
      severity: 'notice',
      at: first,
      message: `passed over: ${texts.join(', ')}, for dwh has no semantic layer`,
    },
  ];
}

const sizeOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

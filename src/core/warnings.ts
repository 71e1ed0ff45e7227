// Warnings by name, for --warn-error-options: our codes, and the names of dbt's events that say the same. What is named counts
// more than all deprecations, and these more than all; of a name that stands twice, silence counts most, then warn.
// https://docs.getdbt.com/reference/global-configs/warnings
import type { EventBody, NodeResult } from './event.ts';
import type { Problem } from './problem.ts';

export interface WarningPolicy {
  readonly error: 'all' | readonly string[];
  readonly warn: readonly string[];
  readonly silence: readonly string[];
}

export const NO_POLICY: WarningPolicy = { error: [], warn: [], silence: [] };

/** Tests and freshness that end with `warn`. */
export const TEST_RESULT = 'LogTestResult';
export const FRESHNESS_RESULT = 'LogFreshnessResult';

/** Our code → dbt's events. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  'batch-unfiltered': ['MicrobatchModelNoEventTimeInputs'],
  'config-path-unused': ['UnusedResourceConfigPath'],
  'config-value': ['CustomKeyInConfigDeprecation', 'InvalidValueForField', 'ValidationWarning'],
  'constraint-invalid': ['ConstraintNotSupported', 'ConstraintNotEnforced', 'UnsupportedConstraintMaterialization'],
  'constraint-not-supported': ['ConstraintNotSupported', 'ConstraintNotEnforced', 'UnsupportedConstraintMaterialization'],
  'contract-invalid': ['UnversionedBreakingChange'],
  'deprecated-model': ['DeprecatedModel', 'DeprecatedReference', 'UpcomingReferenceDeprecation'],
  'describes-nothing': ['NoNodeForYamlKey', 'MacroNotFoundForPatch', 'WrongResourceSchemaFile'],
  'macro-arguments': ['InvalidMacroAnnotation'],
  'duplicate-name': ['DuplicateNameDistinctNodeTypesDeprecation'],
  'flags-moved': ['ProjectFlagsMovedDeprecation'],
  'nothing-selected': ['NoNodesForSelectionCriteria', 'NothingToDo', 'NoNodesSelected'],
  'package-unpinned': ['DepsUnpinned'],
  'raised-warning': ['JinjaLogWarning'],
  'selection-empty': ['NoNodesForSelectionCriteria'],
  'test-left-out': ['NodeNotFoundOrDisabled'],
  'tests-twice': ['TestsConfigDeprecation'],
  'yaml-duplicate-key': ['DuplicateYAMLKeysDeprecation'],
  'unknown-key': ['CustomTopLevelKeyDeprecation', 'CustomKeyInObjectDeprecation'],
};

/** Ours that dbt has nothing like. */
const OWN = new Set([
  'cluster-forgotten',
  'cluster-open',
  'cluster-size',
  'columns-left-out',
  'empty-file',
  'flag-unknown',
  'freshness-filter',
  'lease-unavailable',
  'lint-not-compiled',
  'load-option',
  'load-rejects',
  'load-unsettled',
  'macro-passed-over',
  'materialized-view-changed',
  'not-supported-yet',
  'packages-missing',
  'relation-type',
  'schema-changed',
  'source-ambiguous',
  'two-project-files',
  'unique-key-missing',
  'unit-test-override',
]);

/** dbt's events that are warnings, or may be. */
const OF_DBT = new Set(
  `AdapterDeprecationWarning AdapterEventWarning AdapterRegistered ArgumentsPropertyInGenericTestDeprecation BehaviorChangeEvent
CatalogGenerationError CollectFreshnessReturnSignature ConfigDataPathDeprecation ConfigLogPathDeprecation
ConfigSourcePathDeprecation ConfigTargetPathDeprecation ConstraintNotEnforced ConstraintNotSupported
CustomKeyInConfigDeprecation CustomKeyInObjectDeprecation CustomOutputPathInSourceFreshnessDeprecation
CustomTopLevelKeyDeprecation DeprecatedModel DeprecatedReference DeprecationsSummary DepsScrubbedPackageName DepsUnpinned
DuplicateNameDistinctNodeTypesDeprecation DuplicateYAMLKeysDeprecation EnvironmentVariableNamespaceDeprecation
EnvironmentVariableRenamed ExposureNameDeprecation FreshnessConfigProblem GenericJSONSchemaValidationDeprecation
GetMetaKeyWarning InternalDeprecation InvalidConcurrentBatchesConfig InvalidMacroAnnotation InvalidValueForField
JinjaLogWarning LogBatchResult LogFreshnessResult LogFunctionResult LogModelResult LogNodeResult LogSeedResult
LogSnapshotResult LogTestResult MFCumulativeTypeParamsDeprecation MFTimespineWithoutYamlConfigurationDeprecation
MacroNotFoundForPatch MetricAttributesRenamed MicrobatchMacroOutsideOfBatchesDeprecation MicrobatchModelNoEventTimeInputs
MissingArgumentsPropertyInGenericTestDeprecation MissingPlusPrefixDeprecation ModelParamUsageDeprecation
ModulesItertoolsUsageDeprecation NoNodeForYamlKey NoNodesForSelectionCriteria NoNodesSelected NodeNotFoundOrDisabled
NothingToDo PackageInstallPathDeprecation PackageMaterializationOverrideDeprecation PackageNodeDependsOnRootProjectNode
PackageRedirectDeprecation ProjectFlagsMovedDeprecation PropertyMovedToConfigDeprecation ResourceNamesWithSpacesDeprecation
RunResultWarning RunResultWarningMessage SeedExceedsLimitAndPathChanged SeedExceedsLimitChecksumChanged
SeedExceedsLimitSamePath SeedIncreased SemanticValidationFailure SnapshotTimestampWarning SourceFreshnessProjectHooksNotRun
SourceOverrideDeprecation SpacesInResourceNameDeprecation TestsConfigDeprecation UnexpectedJinjaBlockDeprecation
UnsupportedConstraintMaterialization UnusedResourceConfigPath UnusedTables UnversionedBreakingChange
UpcomingReferenceDeprecation ValidationWarning WEOIncludeExcludeDeprecation WarnStateTargetEqual WrongResourceSchemaFile`.split(/\s+/),
);

const DEPRECATIONS = 'Deprecations';

export const warningNames = (): readonly string[] => [DEPRECATIONS, ...OF_DBT, ...Object.keys(EVENTS), ...OWN];

type Verdict = 'error' | 'warning' | 'silent';

function verdict({ error, warn, silence }: WarningPolicy, names: readonly string[]): Verdict | undefined {
  const named = (list: readonly string[]): boolean => names.some((name) => list.includes(name));
  if (named(silence)) return 'silent';
  if (named(warn)) return 'warning';
  return error !== 'all' && named(error) ? 'error' : undefined;
}

/** `code`: ours, or an event's name of dbt's. */
export function verdictOf(policy: WarningPolicy, code: string): Verdict {
  const names = [code, ...(EVENTS[code] ?? [])];
  const deprecated = names.some((name) => name.endsWith('Deprecation')) ? verdict(policy, [DEPRECATIONS]) : undefined;
  return verdict(policy, names) ?? deprecated ?? (policy.error === 'all' ? 'error' : 'warning');
}

/** Without what is silenced; what counts as an error is one. */
export function judged(policy: WarningPolicy, problems: readonly Problem[]): readonly Problem[] {
  return problems.flatMap((problem): readonly Problem[] => {
    const found = problem.severity === 'warning' ? verdictOf(policy, problem.code) : undefined;
    return found === 'silent' ? [] : found === 'error' ? [{ ...problem, severity: 'error' }] : [problem];
  });
}

const judgedResult = (policy: WarningPolicy, result: NodeResult): NodeResult =>
  result.warnings.length === 0 ? result : { ...result, warnings: judged(policy, result.warnings) };

/** What is heard of an event; undefined: nothing. */
export function judgedEvent(policy: WarningPolicy, event: EventBody): EventBody | undefined {
  if (event.type === 'node-finished') return { ...event, result: judgedResult(policy, event.result) };
  if (event.type !== 'problems') return event;
  const problems = judged(policy, event.problems);
  return problems.length === 0 && event.problems.length > 0 ? undefined : { ...event, problems };
}

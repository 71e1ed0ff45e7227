// What may stand under `flags:` of a project file. https://docs.getdbt.com/reference/global-configs/project-flags

import { ADAPTER_BEHAVIORS } from '../context/index.ts';

/** Options of the command line by another name: the line and the environment come first. dbt's, and store_failures. */
export const OPTION_FLAGS = new Set([
  ...['cache_selected_only', 'debug', 'fail_fast', 'indirect_selection', 'log_format', 'log_format_file', 'log_level', 'log_level_file'],
  ...['partial_parse', 'populate_cache', 'printer_width', 'send_anonymous_usage_stats', 'static_parser', 'use_colors', 'use_colors_file'],
  ...['use_experimental_parser', 'version_check', 'warn_error', 'warn_error_options', 'write_json', 'store_failures'],
]);

/** Options that a project cannot set, as in dbt: what would be made anew, or where things go, would change for all who run it. */
export const LINE_ONLY_FLAGS = new Set([
  ...['full_refresh', 'log_path', 'target_path', 'print', 'quiet', 'introspect', 'defer', 'favor_state', 'state', 'empty', 'sample'],
  ...['macro_debugging', 'log_cache_events', 'log_file_max_bytes', 'use_fast_test_edges', 'show_all_deprecations'],
  ...['upload_to_artifacts_ingest_api', 'threads', 'target', 'profile', 'profiles_dir', 'project_dir', 'vars'],
]);

/**
 * How dbt behaves where releases differ. dwh has one behaviour for each, that of the docs; templates see what is set here.
 * https://docs.getdbt.com/reference/global-configs/behavior-changes
 */
export const BEHAVIOR_FLAGS = new Set([
  ...['require_batched_execution_for_custom_microbatch_strategy', 'require_event_names_in_deprecations'],
  ...['require_explicit_package_overrides_for_builtin_materializations', 'require_resource_names_without_spaces'],
  ...['source_freshness_run_project_hooks', 'skip_nodes_if_on_run_start_fails', 'state_modified_compare_more_unrendered_values'],
  ...['state_modified_compare_vars', 'require_yaml_configuration_for_mf_time_spines', 'require_nested_cumulative_type_params'],
  ...['validate_macro_args', 'require_all_warnings_handled_by_warn_error', 'require_generic_test_arguments_property'],
  ...['require_unique_project_resource_names', 'require_ref_searches_node_package_before_root', 'require_sql_header_in_test_configs'],
  ...ADAPTER_BEHAVIORS,
  'default_to_empty_string_on_null',
]);

// Parameters that SET knows. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html

export const settings: ReadonlySet<string> = new Set(
  (
    'analyze_threshold_percent application_name auto_analyze cast_super_null_on_error client_encoding client_min_messages ' +
    'datashare_break_glass_session_var datestyle default_geometry_encoding describe_field_name_in_uppercase downcase_delimited_identifier ' +
    'enable_case_sensitive_identifier enable_case_sensitive_super_attribute enable_large_strings_opt_in enable_numeric_rounding ' +
    'enable_result_cache_for_session enable_vacuum_boost error_on_nondeterministic_update explain_verbose extra_float_digits ' +
    'interval_forbid_composite_literals intervalstyle json_parse_dedup_attributes json_parse_truncate_strings json_serialization_enable ' +
    'json_serialization_parse_nested_strings lc_messages lc_monetary lc_numeric lc_time max_concurrency_scaling_clusters ' +
    'max_cursor_result_set_size metadata_store mv_enable_aqmv_for_session navigate_super_null_on_error parse_super_null_on_error ' +
    'pg_federation_repeatable_read query_group query_cpu_time query_execution_time random_page_cost search_path seed ' +
    'spectrum_enable_pseudo_columns spectrum_query_maxerror statement_timeout stored_proc_log_min_messages timezone transaction_isolation ' +
    'transaction_read_only default_transaction_isolation default_transaction_read_only use_fips_ssl wlm_query_slot_count s3_fetch_parallelism'
  ).split(' '),
);

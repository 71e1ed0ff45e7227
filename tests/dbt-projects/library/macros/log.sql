{% macro make_run_log() %}
  create schema if not exists library_log;
  create table if not exists library_log.results (command varchar(20), unique_id varchar(100), status varchar(20), failures integer);
  create table if not exists library_log.forgotten (member_id integer, how varchar(10));
  {% if target.type == 'postgres' %}
  do $$ begin create role library_reader; exception when duplicate_object then null; end $$;
  {% endif %}
{% endmacro %}

{% macro log_results(results) %}
  {% for result in results | sort(attribute='node.unique_id') if result.node.resource_type in ('model', 'test') %}
    insert into library_log.results values (
      '{{ flags.WHICH }}', '{{ result.node.unique_id }}', '{{ result.status }}', {{ result.failures if result.node.resource_type == 'test' else 0 }}
    );
  {% endfor %}
{% endmacro %}

{% macro forget(member, log_it=true) %}
  {% set found = run_query('select count(*) as n from ' ~ target.schema ~ '.members where member_id = ' ~ member) %}
  {% if found.rows[0]['n'] != 1 %}
    {{ exceptions.raise_compiler_error('there is no member ' ~ member) }}
  {% endif %}
  {% set how = 'logged' if log_it else 'silent' %}
  {% do run_query('begin; insert into library_log.forgotten values (' ~ member ~ ", '" ~ how ~ "'); commit;") %}
{% endmacro %}

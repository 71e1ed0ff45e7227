// `exceptions`: how a macro says that something is wrong. https://docs.getdbt.com/reference/dbt-jinja-functions/exceptions
import { text } from '../template/index.ts';
import type { HostObject } from '../template/types.ts';
import type { TextScope } from './types.ts';
import { type Arguments, hostFunction, hostObject, problemError } from './values.ts';

const messageOf = (args: Arguments): string => text(args.need(0, 'msg'));

export function exceptionsValue(scope: Pick<TextScope, 'warn'>): HostObject {
  const raises = (name: string, code: string) =>
    hostFunction(name, (args) => {
      throw problemError({ code, message: messageOf(args) });
    });
  return hostObject('exceptions', {
    raise_compiler_error: raises('raise_compiler_error', 'raised'),
    raise_not_implemented: raises('raise_not_implemented', 'raised-not-implemented'),
    raise_dependency_error: raises('raise_dependency_error', 'raised-dependency'),
    raise_parsing_error: raises('raise_parsing_error', 'raised'),
    raise_fail_fast_error: raises('raise_fail_fast_error', 'raised'),
    raise_contract_error: hostFunction('raise_contract_error', (args) => {
      throw problemError({
        code: 'contract',
        message: `the model's columns differ from its contract: ${text(args.need(0, 'yaml_columns'))}`,
      });
    }),
    column_type_missing: hostFunction('column_type_missing', (args) => {
      throw problemError({
        code: 'contract',
        message: `a contract needs the data_type of every column: ${text(args.need(0, 'column_names'))}`,
      });
    }),
    missing_config: hostFunction('missing_config', (args) => {
      throw problemError({ code: 'config-missing', message: `the config '${text(args.need(1, 'name'))}' is required and not set` });
    }),
    missing_relation: hostFunction('missing_relation', (args) => {
      throw problemError({ code: 'relation-missing', message: `the relation ${text(args.need(0, 'relation'))} does not exist` });
    }),
    relation_wrong_type: hostFunction('relation_wrong_type', (args) => {
      throw problemError({
        code: 'relation-type',
        message: `${text(args.need(0, 'relation'))} exists and is not a ${text(args.need(1, 'expected_type'))}`,
      });
    }),
    warn: hostFunction('warn', (args, site) => {
      scope.warn({ code: 'raised-warning', message: messageOf(args), at: site.at, severity: 'warning' });
      return '';
    }),
  });
}

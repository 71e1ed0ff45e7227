// A function of the user's own: one statement makes it, in place of the one that stood there.
// https://docs.getdbt.com/docs/build/udfs
import type { Dialect } from '../adapters/dialect.ts';
import { FUNCTION_TYPES, type FunctionDefinition } from '../adapters/functions.ts';
import { ConfigReader } from '../core/config-reader.ts';
import type { FunctionNode } from '../core/node.ts';
import { fail, type Problem, throwIfAny } from '../core/problem.ts';
import type { Statement } from '../core/statement.ts';

/** dbt's words. Without one the warehouse decides. */
const VOLATILITIES = { deterministic: 'immutable', stable: 'stable', 'non-deterministic': 'volatile' } as const;
const WORDS = ['deterministic', 'stable', 'non-deterministic'] as const;

/** Throws DwhError. */
export function functionStatement(node: FunctionNode, body: string, dialect: Dialect): Statement {
  const { relation, at, name, returns } = node;
  const problems: Problem[] = [];
  const config = new ConfigReader(node.config, { locate: () => at, problems });
  const volatility = config.oneOf('volatility', WORDS);
  const definition: FunctionDefinition = {
    relation,
    type: config.oneOf('type', FUNCTION_TYPES) ?? 'scalar',
    arguments: node.arguments,
    returns: returns?.data_type ?? '',
    ...(volatility && { volatility: VOLATILITIES[volatility] }),
    body,
  };
  if (definition.returns === '')
    problems.push({
      code: 'config-missing',
      at,
      message: `the function '${name}' does not say what it returns`,
      hint: `Write in a properties file:  functions: [{name: ${name}, returns: {data_type: integer}}]`,
    });
  throwIfAny(problems);
  const refused = (what: string): never =>
    fail({
      code: 'function-unsupported',
      at,
      message: `the function '${name}' ${what}, and ${dialect.name} makes none such`,
      hint: 'Functions of type scalar, without default values, are made on every warehouse.',
    });
  if (!dialect.functions.types.includes(definition.type)) refused(`is of type ${definition.type}`);
  if (!dialect.functions.haveDefaults && node.arguments.some((one) => one.default_value !== null))
    refused('has arguments with a default value');
  return dialect.functions.create(definition);
}

// What comes from outside the project: var, env_var, target, and facts of this invocation.
import { nearestName } from '../core/nearest.ts';
import { isSecretVariable } from '../core/secret-names.ts';
import { parseTemplate, render, repr, toTemplate } from '../template/index.ts';
import type { Ask, Callable, CallSite, Host, HostObject, TemplateValue } from '../template/types.ts';
import type { TextScope } from './types.ts';
import { hostFunction, hostObject, problemError } from './values.ts';

/**
 * `var('x', default)`; also called as `var.has_var('x')`. A text that is a template, `"{{ ref('orders') }}"`, is rendered where it is
 * asked for, by `host`: so packages are told which relations to read. https://docs.getdbt.com/reference/dbt-jinja-functions/var
 */
export function varFunction(scope: TextScope, host: () => Host): HostObject {
  const rendering = new Set<string>();
  function* rendered(name: string, value: string, site: CallSite): Generator<Ask, TemplateValue, unknown> {
    if (rendering.has(name)) throw problemError({ code: 'var-circular', message: `the var '${name}' is made of itself` });
    rendering.add(name);
    try {
      return (yield* render(parseTemplate(value, { file: site.at.file, package: site.package, at: site.at }), host())).text;
    } finally {
      rendering.delete(name);
    }
  }
  const call = hostFunction('var', (args, site) => {
    const name = args.needText(0, 'name');
    const from = site.package || scope.projectName;
    const value = scope.findVar(name, from);
    if (typeof value === 'string' && /\{[{%#]/.test(value)) return rendered(name, value, site);
    if (value !== undefined) return toTemplate(value);
    const otherwise = args.get(1, 'default');
    if (otherwise !== undefined) return otherwise;
    const near = nearestName(name, scope.varNames(from));
    const isOwn = from === scope.projectName;
    throw problemError({
      code: 'var-undefined',
      message: `the var '${name}'${isOwn ? '' : ` of the package '${from}'`} has no value and no default`,
      hint: near
        ? `Did you mean var('${near}')?`
        : `Set it under vars: in the project file${isOwn ? '' : `, for all or for the package (vars: {${from}: {${name}: …}})`}, or with: --vars '{${name}: …}'`,
    });
  });
  return hostObject(
    'var',
    {
      has_var: hostFunction(
        'has_var',
        (args, site) => scope.findVar(args.needText(0, 'name'), site.package || scope.projectName) !== undefined,
      ),
    },
    { call: call.call },
  );
}

/** `env_var('NAME', default)`. Secrets (DBT_ENV_SECRET…) are for profiles and packages only, as in dbt. */
export function envVarFunction(scope: Pick<TextScope, 'env' | 'envRead'>, secretsAllowed: boolean): Callable {
  return hostFunction('env_var', (args) => {
    const name = args.needText(0, 'name');
    if (isSecretVariable(name) && !secretsAllowed) {
      throw problemError({
        code: 'secret-env-var',
        message: `the environment variable '${name}' is a secret, and secrets may be read in profiles.yml and packages.yml only`,
        hint: 'Use another name for what is not secret.',
      });
    }
    const value = scope.env[name];
    scope.envRead.set(name, value);
    if (value !== undefined) return value;
    const otherwise = args.get(1, 'default');
    if (otherwise !== undefined) return typeof otherwise === 'string' || otherwise === null ? otherwise : repr(otherwise);
    const near = nearestName(name, Object.keys(scope.env));
    throw problemError({
      code: 'env-var-missing',
      message: `the environment variable '${name}' is not set and has no default`,
      hint: near ? `Did you mean env_var('${near}')?` : `Set it, or give a default: env_var('${name}', '…')`,
    });
  });
}

/** A mapping whose members also answer as attributes: `target.schema`, `target['schema']`, `target.get('x')`. */
export function recordValue(typeName: string, values: Readonly<Record<string, unknown>>): HostObject {
  const members = new Map<string, TemplateValue>(Object.entries(values).map(([key, value]) => [key, toTemplate(value)]));
  const get = hostFunction('get', (args) => members.get(args.needText(0, 'key')) ?? args.get(1, 'default') ?? null);
  return hostObject(
    typeName,
    {
      ...Object.fromEntries(members),
      get,
      keys: hostFunction('keys', () => [...members.keys()]),
      items: hostFunction('items', () => [...members].map(([key, value]) => [key, value])),
    },
    { items: () => members.keys(), length: () => members.size },
  );
}

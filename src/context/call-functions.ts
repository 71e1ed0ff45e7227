// Functions that reach for other names, templates and calls: `context`, `render`, `try_or_compiler_error`, `adapter_macro`,
// `validation`. https://docs.getdbt.com/reference/dbt-jinja-functions
import { callValue, equals, parseTemplate, render, repr, text } from '../template/index.ts';
import type { Ask, Callable, Host, HostObject, TemplateValue } from '../template/types.ts';
import type { MakersOf, ProjectScope } from './types.ts';
import { hostFunction, hostObject, problemError } from './values.ts';

export const asCallable = (value: TemplateValue | undefined): Pick<Callable, 'call'> | undefined =>
  typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function' ? { call: value.call } : undefined;

/** All names that the template may use, by name: `context['ref']`, `context.get('my_macro')`, `context['package']['macro']`. */
function contextValue(host: Host, root: string): HostObject {
  const find = (name: string, from: string): TemplateValue | undefined => host.resolve(name, from);
  const get = hostFunction('get', (args, site) => find(args.needText(0, 'key'), site.package || root) ?? args.get(1, 'default') ?? null);
  const names = (): string[] => [...new Set(host.names(root))];
  const members: Readonly<Record<string, Callable>> = { get, keys: hostFunction('keys', names) };
  return {
    kind: 'host',
    typeName: 'context',
    get: (name) => (Object.hasOwn(members, name) ? members[name] : find(name, root)),
    item: (key) => (typeof key === 'string' ? find(key, root) : undefined),
    items: names,
    names,
    length: () => names().length,
  };
}

/** `validation.any[string]`-like checks: `validation.any('a', 'b')(value)` is an error for other values. */
const validationValue = (): HostObject =>
  hostObject('validation', {
    any: hostFunction('any', (choices) =>
      hostFunction('check', (args) => {
        const value = args.need(0, 'value');
        if (choices.positional.some((choice) => equals(choice, value))) return null;
        throw problemError({
          code: 'template-value',
          message: `${repr(value)} is not one of ${choices.positional.map(repr).join(', ')}`,
        });
      }),
    ),
  });

export interface CallState {
  /** In which the calls are made; it is there when the first name is asked for. */
  readonly host: () => Host;
  readonly scope: Pick<ProjectScope, 'projectName'>;
}

export const callMakers: MakersOf<CallState> = {
  context: ({ host, scope }) => contextValue(host(), scope.projectName),
  validation: validationValue,
  render: ({ host }) =>
    hostFunction('render', function* (args, site): Generator<Ask, TemplateValue, unknown> {
      const template = parseTemplate(args.needText(0, 'string'), { file: site.at.file, package: site.package, at: site.at });
      return (yield* render(template, host())).text;
    }),
  try_or_compiler_error: () =>
    hostFunction('try_or_compiler_error', function* (args, site): Generator<Ask, TemplateValue, unknown> {
      const [message = '', func, ...rest] = args.positional;
      const callable = asCallable(func);
      if (!callable) throw problemError({ code: 'template-arguments', message: 'try_or_compiler_error() needs a message and a function' });
      try {
        return yield* callValue(callable, rest, args.named, site);
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        throw problemError({ code: 'raised', message: text(message), detail: [`because: ${cause}`] });
      }
    }),
  adapter_macro: () =>
    hostFunction('adapter_macro', (args) => {
      const [name = '', packageName] = args.needText(0, 'name').split('.').reverse();
      throw problemError({
        code: 'removed-function',
        message: 'adapter_macro() is gone: dbt took it out in 1.0',
        hint: `Write adapter.dispatch('${name}'${packageName === undefined ? '' : `, '${packageName}'`})(…)`,
      });
    }),
  metric: () =>
    hostFunction('metric', (args) => {
      throw problemError({
        code: 'removed-function',
        message: `metric('${args.needText(0, 'name')}'): metrics are passed over, and cannot be asked for`,
        hint: 'Read the model that the metric is made of with ref().',
      });
    }),
  submit_python_job: () =>
    hostFunction('submit_python_job', () => {
      throw problemError({
        code: 'python-models',
        message: 'submit_python_job(): Python models are not run',
        hint: 'Write the model in SQL.',
      });
    }),
};

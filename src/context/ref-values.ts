// `ref`, `source` and `function` in the two scopes: parsing records the calls, running answers them.
import type { FunctionCall, RefCall, SourceCall } from '../core/node.ts';
import { PyFloat, text } from '../template/index.ts';
import type { CallSite } from '../template/types.ts';
import { RelationValue } from './relation-value.ts';
import type { MakersOf, ProjectScope, Recorded } from './types.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

export function refCall(args: Arguments, site: CallSite): RefCall {
  const [first, second] = args.positional;
  if (typeof first !== 'string' || args.positional.length > 2 || (second !== undefined && typeof second !== 'string')) {
    throw problemError({
      code: 'template-arguments',
      message: "ref() takes the name of a model: ref('name'), or ref('package', 'name')",
      hint: 'Put the name in quotes.',
    });
  }
  const given = args.named.get('version') ?? args.named.get('v');
  // 1.0 is a version of its own.
  const version = given instanceof PyFloat ? (Number.isInteger(given.value) ? text(given) : given.value) : given;
  return {
    name: second ?? first,
    at: site.at,
    ...(second !== undefined && { package: first }),
    ...((typeof version === 'string' || typeof version === 'number') && { version }),
  };
}

export function sourceCall(args: Arguments, site: CallSite): SourceCall {
  const [source, table] = args.positional;
  if (typeof source !== 'string' || typeof table !== 'string' || args.positional.length !== 2) {
    throw problemError({
      code: 'template-arguments',
      message: "source() takes two names: source('source', 'table')",
      hint: 'Put both names in quotes.',
    });
  }
  return { source, table, at: site.at };
}

export function functionCall(args: Arguments, site: CallSite): FunctionCall {
  const [first, second] = args.positional;
  if (typeof first !== 'string' || args.positional.length > 2 || (second !== undefined && typeof second !== 'string')) {
    throw problemError({
      code: 'template-arguments',
      message: "function() takes the name of a function: function('name'), or function('package', 'name')",
      hint: 'Put the name in quotes.',
    });
  }
  return { function: second ?? first, ...(second !== undefined && { package: first }), at: site.at };
}

/** While parsing: calls are recorded; what they stand for is not known yet, so a place in the target's schema is shown. */
const shown = ({ database, schema, dialect }: ProjectScope, identifier: string): RelationValue =>
  new RelationValue({ database, schema, identifier }, dialect);

export const recordingMakers: MakersOf<{ readonly scope: ProjectScope; readonly recorded: Recorded }> = {
  ref: ({ scope, recorded }) =>
    hostFunction('ref', (args, site) => {
      const call = refCall(args, site);
      recorded.refs.push(call);
      return shown(scope, call.name);
    }),
  source: ({ scope, recorded }) =>
    hostFunction('source', (args, site) => {
      const call = sourceCall(args, site);
      recorded.sources.push(call);
      return shown(scope, call.table);
    }),
  function: ({ scope, recorded }) =>
    hostFunction('function', (args, site) => {
      const call = functionCall(args, site);
      recorded.functions.push(call);
      return shown(scope, call.function);
    }),
};

/** What a ref or source means to one node of the linked manifest; throws DwhError when nothing. */
export interface RefAnswers {
  readonly ref: (call: RefCall) => RelationValue;
  readonly source: (call: SourceCall) => RelationValue;
  readonly function: (call: FunctionCall) => RelationValue;
}

export const answeringMakers: MakersOf<{ readonly subject: RefAnswers }> = {
  ref: ({ subject }) => hostFunction('ref', (args, site) => subject.ref(refCall(args, site))),
  source: ({ subject }) => hostFunction('source', (args, site) => subject.source(sourceCall(args, site))),
  function: ({ subject }) => hostFunction('function', (args, site) => subject.function(functionCall(args, site))),
};

// What a node's text sees while the node runs: `execute` is true, refs are answered, the warehouse may be asked.
import { recordToTemplate } from '../template/index.ts';
import type { Ask, Host, TemplateValue } from '../template/types.ts';
import { adapterValue } from './adapter-value.ts';
import { asks } from './asks.ts';
import { type BatchMoment, batchMoments, batchValue, noBatch } from './batch-value.ts';
import { callMakers } from './call-functions.ts';
import { configValue } from './config-value.ts';
import { type Inside, type MacroAnswers, makeHost } from './make-host.ts';
import { materializingValue } from './materializing.ts';
import { type QueryState, queryMakers } from './query-functions.ts';
import { answeringMakers, type RefAnswers } from './ref-values.ts';
import type { RelationValue } from './relation-value.ts';
import type { Response } from './response-value.ts';
import { sayer } from './sayer.ts';
import type { MakersOf, ProjectScope } from './types.ts';
import { hostFunction } from './values.ts';
import { varFunction } from './variables.ts';

/** A node as it runs. */
export interface RunningSubject extends RefAnswers {
  readonly config: Readonly<Record<string, unknown>>;
  readonly this: RelationValue | null;
  /** The node as in manifest.json, for `model`. */
  readonly model: () => unknown;
  /** manifest.json's nodes and sources, for `graph`. */
  readonly graph: () => unknown;
  /** 'asked': when a table stands where `this` is. */
  readonly isIncremental: boolean | 'asked';
  readonly fullRefresh: boolean;
  readonly selectedResources: readonly string[];
  /** The number of the connection that it works on. */
  readonly thread?: number | undefined;
  /** Told what each named statement came to. */
  readonly heard?: (name: string, response: Response) => void;
  /** Of a microbatch model, for `model.batch`. */
  readonly batch?: BatchMoment;
  readonly answers?: MacroAnswers | undefined;
  /** Names that this kind of node adds: results and schemas of on-run-end, … */
  readonly more?: Readonly<Record<string, TemplateValue>>;
  /** Hears what config() says while the node is rendered for its run; its config is what was said when it was parsed. */
  readonly configured?: (settings: Readonly<Record<string, unknown>>) => void;
  /** Told of the macros that the rendered text itself calls: unique ids. */
  readonly called?: Set<string>;
}

function modelValue({ model, batch, config }: RunningSubject): TemplateValue {
  const value = recordToTemplate(model());
  if (!(value instanceof Map)) return value;
  if (batch) {
    value.set('batch', batchValue(batch));
    const settings = value.get('config');
    if (settings instanceof Map) for (const [name, moment] of batchMoments(batch)) settings.set(name, moment);
  } else if (config.incremental_strategy === 'microbatch') value.set('batch', noBatch());
  return value;
}

function* standsAsTable(value: RelationValue | null): Generator<Ask, boolean, unknown> {
  const relation = value?.relation;
  return relation !== undefined && (yield* asks({ ask: 'relation', relation }))?.kind === 'table';
}

interface Running extends Inside, QueryState {
  readonly subject: RunningSubject;
}

const runningMakers: MakersOf<Running> = {
  ...callMakers,
  ...queryMakers,
  ...answeringMakers,
  var: ({ scope, host }) => varFunction(scope, host),
  execute: () => true,
  config: ({ subject }) =>
    configValue(
      (key) => subject.config[key],
      (settings) => subject.configured?.(settings),
      () => Object.keys(subject.config),
    ),
  this: ({ subject }) => subject.this,
  model: ({ subject }) => modelValue(subject),
  graph: ({ subject }) => recordToTemplate(subject.graph()),
  adapter: ({ scope, bind }) => adapterValue(scope, { execute: true, bind }),
  materializing: ({ scope }) => materializingValue(scope.dialect, true),
  is_incremental: ({ subject: { isIncremental, this: own } }) =>
    hostFunction('is_incremental', () => (isIncremental === 'asked' ? standsAsTable(own) : isIncremental)),
  should_full_refresh: ({ subject }) => hostFunction('should_full_refresh', () => subject.fullRefresh),
  selected_resources: ({ subject }) => [...subject.selectedResources],
  thread_id: ({ subject: { thread } }) => (thread === undefined ? undefined : `Thread-${thread + 1}`),
};

export function runningHost(scope: ProjectScope, subject: RunningSubject): Host {
  const say = sayer(scope);
  return makeHost({
    scope,
    answers: subject.answers,
    called: subject.called ?? new Set(),
    makers: runningMakers,
    more: subject.more,
    self: ({ bind, host }): Running => ({ scope, bind, host, subject, execute: true, results: new Map(), heard: subject.heard, say }),
  });
}

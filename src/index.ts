// The public API. What the binary does, in parts: make a Request, perform it, fold its events.
export type { Emit, Event, EventBody, FreshnessResult, NodeLabel, NodeResult, RejectCount, Status } from './core/event.ts';
export type { Location } from './core/location.ts';
export type { Node, ResourceType, UniqueId } from './core/node.ts';
export { DwhError, type Problem } from './core/problem.ts';
export type { Deps, IndirectSelection, LintRequest, Request, Selection } from './core/request.ts';
export type { Row, Value } from './core/statement.ts';
export { perform } from './engine/index.ts';
export { type ResultsMeta, runResults, sourcesJson } from './reporters/artifacts.ts';
export { type ExitStatus, exitStatus } from './reporters/exit-status.ts';
export { type JsonMeta, jsonReporter } from './reporters/json.ts';
export { look } from './reporters/look.ts';
export { type PlainOptions, plainReporter } from './reporters/plain.ts';
export { advance, type Level, type Progress, type Reporter, type Stream, startProgress } from './reporters/reporter.ts';
export { type TerminalOptions, terminalReporter } from './reporters/terminal.ts';

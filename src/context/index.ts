// What templates see. One host for a parsing node, one for a running node, one for texts in YAML; each name is made when
// a template first asks for it. A user's macro of the same name comes first, dwh's own macros last.
export { ADAPTER_BEHAVIORS } from './adapter-value.ts';
export type { WarehouseAnswers, WarehouseAsk } from './asks.ts';
export { columnValue } from './column-value.ts';
export { datetimeValue } from './datetime-value.ts';
export { loadAgateTable } from './load-agate-table.ts';
export { BUILTIN_PACKAGE, type LibraryMacro, type MacroLibrary, macroLibrary } from './macro-library.ts';
export type { MacroAnswers } from './make-host.ts';
export { type Narrowing, withOneAlias } from './narrowed.ts';
export { callMacroNow, parsingHost } from './parsing-host.ts';
export type { RefAnswers } from './ref-values.ts';
export { RelationValue, relationValue } from './relation-value.ts';
export type { Response } from './response-value.ts';
export { type RunningSubject, runningHost } from './running-host.ts';
export { sayer } from './sayer.ts';
export { tableValue } from './table-value.ts';
export { textHost } from './text-host.ts';
export type { ParsingHost, ParsingSubject, ProjectScope, Recorded, TextScope } from './types.ts';

// The template language: text and a host's names in; text, values and a line map out. This file is its whole interface.

export { depthOf } from './frame.ts';
export { jsonText } from './json-text.ts';
export { formatNamed } from './members.ts';
export { percentFormat } from './percent-format.ts';
export { fromTemplate, recordToTemplate, toTemplate } from './plain.ts';
export { bindMacro, callNow, callValue, render, renderNow } from './render.ts';
export { renderValue } from './render-value.ts';
export type { Place } from './source.ts';
export { type MacroDefinition, macrosOf, type Parameter, parseTemplate } from './template.ts';
export type * from './types.ts';
export { PyFloat, Tuple, Undefined } from './types.ts';
export { compare, equals, getKey, iterate, repr, setKey, text, truth } from './values.ts';

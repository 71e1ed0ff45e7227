// Reading a project: load (all I/O of project files) and parse (text to nodes whose names are unresolved).
export { rememberParse } from './cache-file.ts';
export { DEFAULTS, misspelt } from './config-rules.ts';
export { fileScope, load } from './load.ts';
export { macroIndex } from './macro-calls.ts';
export { parse } from './parse.ts';
export { KWARGS_NAME, renderKwargs } from './test-kwargs.ts';
export type * from './types.ts';
export { readYaml, type YamlText } from './yaml.ts';

// Reading a project: load (all I/O of project files) and parse (text to nodes whose names are unresolved).
export type * from './types.ts';

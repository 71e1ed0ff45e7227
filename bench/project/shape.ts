// What a generated project is made of: its shapes, and files as they are handed on.

export const shapes = ['layered', 'chain', 'trivial'] as const;
export type Shape = (typeof shapes)[number];

/** A path relative to the project, with forward slashes, and what is in the file. */
export type ProjectFile = readonly [path: string, text: string];

/** How many models share a folder and its YAML file. */
export const modelsPerArea = 10;

// The engine's whole interface: one call per command.
export { perform } from './perform.ts';

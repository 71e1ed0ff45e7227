// The options that a command must be given again to meet the same project, data and target.
import type { Given } from './given.ts';

/** A query of the command line comes first: it stands where nodes are selected. */
const REPEATED = ['inline', 'project-dir', 'profiles-dir', 'profile', 'target', 'vars', 'args'];

/** '--target prod --vars "{a: 1}"', quoted for a POSIX shell. */
export const replayOf = (given: Given): string =>
  [
    ...REPEATED.flatMap((name) => {
      const value = given.text(name);
      return value === undefined ? [] : [`--${name} ${shellWord(value)}`];
    }),
    ...(given.flag('warn-error') ? ['--warn-error'] : []),
  ].join(' ');

export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

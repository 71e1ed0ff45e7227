// How templates print: an answer where the run has answers, else a line like those of log().
import type { TextScope } from './types.ts';

export const sayer =
  ({ print, say }: Pick<TextScope, 'print' | 'say'>): ((message: string) => void) =>
  (message) =>
    print ? print(message) : say(message, 'info');

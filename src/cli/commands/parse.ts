// dwh parse: reads the whole project, reports its mistakes, writes manifest.json. It never connects.
import type { Command } from '../command.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const parse: Command = {
  options: {},
  examples: [['dwh parse --no-partial-parse', 'without the cache']],
  run: async (invocation) => carryOut(await requestOf('parse', invocation), invocation),
};

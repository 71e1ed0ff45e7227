// argv to exit status: finds the command, checks what was given, runs it. Every way out is here: 0 and 1 are the command's,
// 2 a DwhError (nothing ran), 3 a bug, 130 an interruption.
import { DwhError, type Problem } from '../core/problem.ts';
import { secretsOf } from '../core/secrets.ts';
import { look } from '../reporters/look.ts';
import { plainReporter } from '../reporters/plain.ts';
import { parseArguments } from './arguments.ts';
import { globalOptions } from './options.ts';
import { withProjectFlags } from './project-flags.ts';
import { colorsOf } from './report.ts';
import type { System } from './system.ts';
import { VERSION } from './version.ts';

/** `secrets` learns those of the run: whatever is said after it is masked with them. */
export async function main(argv: readonly string[], system: System, secrets = secretsOf([])): Promise<number> {
  const startedAt = system.clock();
  try {
    const parsed = await parseArguments(argv, system);
    if ('text' in parsed) {
      system.stdout.write(`${parsed.text}\n`);
      return 0;
    }
    const given = await withProjectFlags(parsed.given, { ...globalOptions, ...parsed.command.options }, system);
    return await parsed.command.run({ given, system, startedAt, argv, secrets });
  } catch (error) {
    if (error instanceof DwhError) {
      report(error.problems, system);
      return 2;
    }
    system.stderr.write(secrets.mask(bug(error, argv)));
    return 3;
  }
}

/** What is wrong before there is a report to put it in. */
function report(problems: readonly Problem[], system: System): void {
  const { stdout, stderr } = system;
  const options = {
    log: stderr,
    out: stdout,
    level: 'error',
    look: look({ colors: colorsOf(undefined, stderr, system), width: 80 }),
    replay: '',
  } as const;
  plainReporter(options).report({ at: system.clock(), type: 'problems', problems });
}

/** For whatever is thrown that is not a DwhError. */
export const bug = (error: unknown, argv: readonly string[]): string =>
  [
    `dwh ${VERSION} has a bug: it failed in a way that it should not.`,
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    ...(error instanceof Error && error.cause !== undefined
      ? [`caused by: ${error.cause instanceof Error ? error.cause.stack : String(error.cause)}`]
      : []),
    `Please report it with the lines above and the command: dwh ${argv.join(' ')}`,
    '',
  ].join('\n');

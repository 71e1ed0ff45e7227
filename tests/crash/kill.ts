// Running the binary on a project, and killing it while it runs.
import { ended, startCli } from '../support/cli.ts';
import { tempDir } from '../support/temp-dir.ts';

/** `ms` after the start, or after the `line`-th line of output. */
export interface Moment {
  readonly line: number;
  readonly ms: number;
}

export const momentText = ({ line, ms }: Moment): string => `${ms} ms after ${line === 0 ? 'its start' : `line ${line} of its output`}`;

/** A line is printed for each statement: progress that can be seen from outside. */
const telling = ['--log-format', 'json', '--log-level', 'debug'];

export interface Ran {
  readonly code: number | null;
  /** False: it had ended before. */
  readonly killed: boolean;
  readonly ms: number;
  readonly lines: number;
  /** Of both streams. */
  readonly text: string;
}

/** Of `text` the messages of the lines that complain. */
export const complaints = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/"level":"(?:debug|info)"/.test(line))
    .map((line) => /"msg":("(?:[^"\\]|\\.)*")/.exec(line)?.[1] ?? line)
    .join('\n');

/** Temporary files of a killed process stay; there they go with the tests' own. */
const temporary = tempDir('tmpdir');

/** Kills with SIGKILL when the moment comes, if it has not ended by then. */
export async function run(command: string, projectDir: string, moment?: Moment): Promise<Ran> {
  const startedAt = performance.now();
  const child = startCli([command, ...telling], { cwd: projectDir, env: { TMPDIR: temporary } });
  let timer: NodeJS.Timeout | undefined;
  let lines = 0;
  const arm = (): void => {
    timer ??= setTimeout(() => child.kill('SIGKILL'), moment?.ms);
  };
  if (moment?.line === 0) arm();
  const end = ended(child);
  child.stdout?.on('data', (text: string) => {
    lines += text.split('\n').length - 1;
    if (moment && moment.line > 0 && lines >= moment.line) arm();
  });
  const { code, signal, stdout, stderr } = await end;
  clearTimeout(timer);
  return { code, killed: signal === 'SIGKILL', ms: performance.now() - startedAt, lines, text: stdout + stderr };
}

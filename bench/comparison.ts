// A group of commands that are measured together, what each is compared with, and the aims that are set for them.
import { type Command, interleaved, type Usage } from './measure.ts';

export interface Aim {
  readonly command: string;
  /** 'at most 1.3 times the CPU of …' */
  readonly text: string;
  readonly limit: number;
  /** The limit is to be passed, not kept. */
  readonly atLeast?: true;
  readonly reached: (of: (command: string) => Usage) => number;
}

export interface Group {
  readonly title: string;
  readonly commands: readonly Command[];
  /** Names of those among the commands that the others are divided by. */
  readonly baselines: readonly string[];
  readonly aims: readonly Aim[];
}

export interface Row extends Usage {
  readonly name: string;
  readonly against: readonly { readonly baseline: string; readonly cpu: number; readonly wall: number }[];
}

export interface Measured {
  readonly title: string;
  readonly runs: number;
  readonly rows: readonly Row[];
  readonly aims: readonly (Omit<Aim, 'reached'> & { readonly reached: number })[];
}

export const cpuAtMost = (command: string, seconds: number): Aim => ({
  command,
  text: `CPU s, at most ${seconds}`,
  limit: seconds,
  reached: (of) => of(command).cpuMs / 1000,
});

/** Once as wall time, which a busy machine lengthens, and once as CPU time, which it does not. */
export const timeOver = (command: string, baseline: string, ms: number): readonly Aim[] => [
  { command, text: `wall ms over ${baseline}, at most ${ms}`, limit: ms, reached: (of) => of(command).wallMs - of(baseline).wallMs },
  { command, text: `CPU ms over ${baseline}, at most ${ms}`, limit: ms, reached: (of) => of(command).cpuMs - of(baseline).cpuMs },
];

/** On the CPU time: on a machine that does other things too, the wall's ratio says little. */
export const timesAtMost = (command: string, baseline: string, times: number): Aim => ({
  command,
  text: `CPU ÷ ${baseline}, at most ${times}`,
  limit: times,
  reached: (of) => of(command).cpuMs / of(baseline).cpuMs,
});

export const wallTimesAtMost = (command: string, baseline: string, times: number): Aim => ({
  command,
  text: `wall ÷ ${baseline}, at most ${times}`,
  limit: times,
  reached: (of) => of(command).wallMs / of(baseline).wallMs,
});

/** How many times the CPU of `than` the command takes: the more, the better for `than`. */
export const timesAtLeast = (command: string, than: string, times: number): Aim => ({
  command,
  text: `CPU ÷ ${than}, at least ${times}`,
  limit: times,
  atLeast: true,
  reached: (of) => of(command).cpuMs / of(than).cpuMs,
});

export function measureGroup(group: Group, runs: number, said: (text: string) => void): Measured {
  const usages = interleaved(group.commands, runs, (text) => said(`${group.title}: ${text}`));
  const of = (name: string): Usage => {
    const usage = usages.get(name);
    if (!usage) throw new Error(`${group.title}: there is no command '${name}'`);
    return usage;
  };
  return {
    title: group.title,
    runs,
    rows: group.commands.map(({ name }) => {
      const usage = of(name);
      const against = group.baselines.map((baseline) => ({
        baseline,
        cpu: usage.cpuMs / of(baseline).cpuMs,
        wall: usage.wallMs / of(baseline).wallMs,
      }));
      return { name, ...usage, against };
    }),
    aims: group.aims.map((aim) => ({ ...aim, reached: aim.reached(of) })),
  };
}

/** The table that people read. */
export function measuredText({ title, runs, rows, aims }: Measured): string {
  const baselines = rows[0]?.against.map(({ baseline }) => baseline) ?? [];
  const served = rows.some(({ serverMs }) => serverMs > 0);
  const head = [
    '',
    'CPU s',
    ...(served ? ['server’s'] : []),
    'wall s',
    'peak MB',
    ...baselines.flatMap((name) => [`CPU ÷ ${name}`, `wall ÷ ${name}`]),
  ];
  const body = rows.map(({ name, cpuMs, serverMs, wallMs, peakMb, against }) => [
    name,
    (cpuMs / 1000).toFixed(3),
    ...(served ? [(serverMs / 1000).toFixed(2)] : []),
    (wallMs / 1000).toFixed(3),
    peakMb.toFixed(0),
    ...against.flatMap(({ cpu, wall }) => [cpu.toFixed(2), wall.toFixed(2)]),
  ]);
  const widths = head.map((cell, column) => Math.max(cell.length, ...body.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  const judged = aims.map(
    ({ command, text, limit, atLeast, reached }) =>
      `  ${(atLeast ? reached >= limit : reached <= limit) ? 'reached' : 'MISSED '}  ${command}: ${text}: ${significant(reached)}`,
  );
  return [`${title} (median of ${runs})`, line(head), ...body.map(line), ...judged, ''].join('\n');
}

const significant = (number: number): string => (Math.abs(number) >= 100 ? number.toFixed(0) : number.toFixed(2));

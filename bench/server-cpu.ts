// What a Postgres server has used, from /proc: the process that all its others come from, those of them that still run, and
// those that have ended. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
import { readdirSync, readFileSync } from 'node:fs';

/** The clock ticks in which Linux tells it, whatever the kernel's own. */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly own: number;
  readonly ended: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    // The name, in parentheses, may have blanks in it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const at = (field: number): number => fields[field - 3] ?? 0;
    return { parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
  } catch {
    return undefined;
  }
}

/** CPU ms since the server's start. 0 where there is no /proc. */
export function serverCpuMs(pid: number): number {
  const server = statOf(pid);
  if (server === undefined) return 0;
  const running = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const children = running.filter(({ parent }) => parent === pid);
  return children.reduce((sum, { own }) => sum + own, server.own + server.ended) * TICK_MS;
}

// This process as others on the machine can know it: its number may come again after a while, and the same number may be
// another process in another container.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Here } from '../core/request.ts';

const orNothing = (read: () => string): string => {
  try {
    return read().trim();
  } catch {
    return '';
  }
};

/** Field 22, behind a name that may have anything in it. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const bornOf = (id: number): string =>
  orNothing(() => readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[19] ?? '');

function runs(id: number, born: string): boolean {
  try {
    process.kill(id, 0);
  } catch (error) {
    // Of another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = bornOf(id);
  return born === '' || now === '' || born === now;
}

export const here = (): Here => ({
  host: hostname(),
  machine: [orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')), orNothing(() => readlinkSync('/proc/self/ns/pid'))]
    .join(' ')
    .trim(),
  process: process.pid,
  born: bornOf(process.pid),
  runs,
});

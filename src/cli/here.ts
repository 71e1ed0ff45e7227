// This process as others on the machine can know it: its number may come again after a while, and the same number may be
// another process in another container.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
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

/** One boot of a machine and one space of process numbers; where nothing tells them, the machine by its network addresses. */
function machine(): string {
  const boot = orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const space = orNothing(() => readlinkSync('/proc/self/ns/pid'));
  if (boot !== '' && space !== '') return `${boot} ${space}`;
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ mac }) => mac));
  return createHash('sha256')
    .update([...new Set(addresses)].sort().join(' '))
    .digest('hex');
}

export const here = (): Here => ({ host: hostname(), machine: machine(), process: process.pid, born: bornOf(process.pid), runs });

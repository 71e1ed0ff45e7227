// A package in a git repository, or in a folder of one, at one commit.
import { cpSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DwhError, fail } from '../core/problem.ts';
import { type Checkout, checkOut } from './git.ts';
import { type Asking, asks, conflict, type Pinned, projectIn, type Tools, written } from './pinned.ts';
import type { GitSpec } from './spec.ts';

export async function pinGit(askings: readonly Asking<GitSpec>[], tools: Tools): Promise<Pinned> {
  const [{ spec }] = askings as readonly [Asking<GitSpec>];
  const revisions = [...new Set(askings.flatMap((asking) => asking.spec.revision ?? []))];
  if (revisions.length > 1)
    conflict(
      spec.git,
      asks(askings, ({ revision }) => revision ?? 'any'),
      spec.at,
    );
  const [revision] = revisions;
  const room = tools.room();
  let checkout: Checkout;
  try {
    checkout = await checkOut(spec.git, revision, room, tools.env, tools.signal);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    throw new DwhError([{ at: spec.at, ...error.problems[0] }], { cause: error.cause });
  }
  const folder = spec.subdirectory === undefined ? room : join(room, spec.subdirectory);
  if (relative(room, folder).startsWith('..') || !existsSync(folder))
    fail({
      code: 'package-invalid',
      message: `${spec.git} has no folder '${spec.subdirectory}'`,
      at: spec.at,
      hint: 'Correct subdirectory.',
    });
  const { name, needs } = projectIn(folder, spec.git, spec.at, tools);
  const unpinned = revision === undefined || revision === 'main' || revision === 'master';
  return {
    name,
    locked: {
      git: written(spec, 'git'),
      name,
      revision: checkout.commit,
      ...(spec.subdirectory !== undefined && { subdirectory: written(spec, 'subdirectory') }),
    },
    shown: `${revision === undefined ? 'the head' : `revision ${revision}`} of ${spec.git}`,
    needs,
    folder,
    // Without its history: the place may be a folder of another repository.
    put: async (into) => cpSync(folder, into, { recursive: true, filter: (path) => path !== join(room, '.git') }),
    warnings:
      unpinned && askings.every((asking) => asking.spec.warnUnpinned)
        ? [
            {
              code: 'package-unpinned',
              severity: 'warning',
              message: `${spec.git} is taken at ${revision === undefined ? 'its head' : `'${revision}'`}, which moves`,
              at: spec.at,
              hint: `Pin it with: revision: ${checkout.commit}, or say: warn-unpinned: false`,
            },
          ]
        : [],
  };
}

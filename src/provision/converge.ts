// Look, plan, carry out, and look again, until there is nothing left to do. So a command that was cut off goes on where it
// was, and one that meets another's changes follows them.
import { fail, type Problem, throwIfAny } from '../core/problem.ts';
import { type Action, orderOf } from './actions.ts';
import { type Applying, apply, Stale } from './apply.ts';
import { observe } from './observe.ts';
import type { ClusterSettings } from './settings.ts';
import type { Actual } from './state.ts';

export interface Aim {
  readonly settings: ClusterSettings;
  readonly plan: (actual: Actual) => { readonly actions: readonly Action[]; readonly problems?: readonly Problem[] };
  /** Looks that must find nothing to do, with a pause between: AWS does not show at once what was made a moment ago. */
  readonly looks: number;
}

const ROUNDS = 40;
const SETTLE_MS = 5000;
const LONGEST_MS = 15_000;

/** What there is in the end. */
export async function converge({ settings, plan, looks }: Aim, applying: Applying, first?: Actual): Promise<Actual> {
  const { cloud, say, clock, signal } = applying;
  let quiet = 0;
  let actual = first;
  for (let round = 1; round <= ROUNDS; round++) {
    actual ??= await observe(settings, cloud, applying);
    const { actions, problems = [] } = plan(actual);
    throwIfAny(problems);
    if (actions.length === 0) {
      quiet++;
      if (quiet >= looks) return actual;
      await clock.pause(SETTLE_MS, signal);
    } else {
      quiet = 0;
      try {
        for (const action of actions) {
          signal.throwIfAborted();
          say(capital(orderOf(action)));
          await apply(action, applying);
        }
      } catch (error) {
        if (!(error instanceof Stale)) throw error;
        say(`  not as it was: looking again`);
        await clock.pause(Math.min(1000 * 1.5 ** round, LONGEST_MS), signal);
      }
    }
    actual = undefined;
  }
  return fail({
    code: 'cluster-unsettled',
    message: `'${settings.identifier}' did not come to rest: what dwh does is undone, or somebody else is changing it`,
    hint: 'See what AWS says of it: dwh cluster status; then run the command again: it goes on from here.',
  });
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

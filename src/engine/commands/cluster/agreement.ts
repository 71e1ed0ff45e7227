// Nothing that costs or deletes happens unasked.
import { fail } from '../../../core/problem.ts';
import { type Action, orderOf } from '../../../provision/actions.ts';
import { capital } from '../../../provision/converge.ts';
import type { Context } from './context.ts';

export const shownPlan = (actions: readonly Action[]): readonly string[] =>
  actions.length === 0 ? ['Nothing to do: all is there.'] : actions.map((action, index) => `${index + 1}. ${capital(orderOf(action))}`);

/** Throws unless the user agrees. */
export async function agreed({ asked, deps }: Pick<Context, 'asked' | 'deps'>, question: string): Promise<void> {
  if (asked.yes) return;
  const answer = await deps.ask?.(`${question} [y/N] `);
  if (answer !== undefined && /^y(?:es)?$/i.test(answer.trim())) return;
  fail({
    code: 'cluster-unconfirmed',
    message: answer === undefined ? 'nobody is there to agree, and nothing was changed' : 'Nothing was changed.',
    hint: answer === undefined ? 'Look at it with --dry-run, and agree with --yes.' : 'To go on, answer y or give --yes.',
  });
}

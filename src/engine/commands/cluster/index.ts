// dwh cluster: makes, shows, pauses, resumes, resizes, deletes and examines the warehouse of a project. Every verb that changes
// something is a plan from what is wanted and what there is, carried out until there is nothing left to do.
import type { Emit } from '../../../core/event.ts';
import { assertNever, DwhError, throwIfAny } from '../../../core/problem.ts';
import type { Request } from '../../../core/request.ts';
import { secretsOfEnvironment } from '../../../core/secret-names.ts';
import { secretsOf } from '../../../core/secrets.ts';
import { converge } from '../../../provision/converge.ts';
import { costSoFar, estimate } from '../../../provision/cost.ts';
import { observe } from '../../../provision/observe.ts';
import { planDelete, planPause, planResize, planResume } from '../../../provision/plan-change.ts';
import type { Planned } from '../../../provision/plan-create.ts';
import type { Actual } from '../../../provision/state.ts';
import { isOurs } from '../../../provision/tags.ts';
import { agreed, shownPlan } from './agreement.ts';
import type { Asked, Context, Outside } from './context.ts';
import { create, passwordOf } from './create.ts';
import { doctor } from './doctor.ts';
import { clusterProject } from './project.ts';
import { leaseOf, statusLines } from './words.ts';

/** Throws DwhError when it could not be done, or not to its end: the same command then goes on from there. */
export async function cluster(request: Request, asked: Asked, deps: Outside, say: Emit): Promise<void> {
  await withContext(request, asked, deps, say, (context) => {
    switch (asked.verb) {
      case 'create':
        return create(context);
      case 'status':
        return status(context);
      case 'pause':
        return change(context, (actual) => planPause(context.project.settings, actual, deps.clock()));
      case 'resume':
        return resume(context);
      case 'resize':
        return resize(context);
      case 'delete':
        return remove(context);
      case 'cost':
        return cost(context);
      case 'doctor':
        return doctor(context);
      default:
        return assertNever(asked.verb);
    }
  });
}

/** Opens project and cloud for `work`; what is said is masked. */
export async function withContext(
  request: Request,
  asked: Asked,
  deps: Outside,
  report: Emit,
  work: (context: Context) => Promise<void>,
): Promise<void> {
  const secrets = deps.secrets ?? secretsOf([]);
  secrets.learn(...secretsOfEnvironment(request.env));
  const emit = secrets.masking(report);
  const say = (message: string): void => emit({ type: 'note', level: 'info', message });
  try {
    const project = await clusterProject(request, asked.overrides, emit, secrets);
    const { env } = request;
    const cloud = await deps.openCloud(project.settings.region, (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? '') !== '');
    const applying = {
      cloud,
      clock: { now: deps.clock, pause: deps.pause, random: deps.random },
      signal: deps.signal,
      say,
      password: (variable: string) => passwordOf(variable, request, secrets),
    };
    try {
      await work({
        request,
        asked,
        deps,
        emit,
        secrets,
        project,
        applying,
        say,
        answer: (lines) => emit({ type: 'output', text: `${lines.join('\n')}\n` }),
      });
    } finally {
      cloud.close();
    }
  } catch (error) {
    if (!deps.signal.aborted || error instanceof DwhError) throw secrets.maskedError(error);
    say('Interrupted. The same command goes on from here.');
  }
}

const look = ({ project: { settings }, applying }: Context): Promise<Actual> => observe(settings, applying.cloud, applying);

/** Shown with --dry-run; else asked for, where there is a question, and done. */
async function change(context: Context, plan: (actual: Actual) => Planned, question?: string): Promise<void> {
  const { request, asked, project, applying, say, answer, deps } = context;
  const { settings } = project;
  const first = await look(context);
  if (asked.expired && !isExpired(context, first)) return say('No build has left it behind: nothing to do.');
  const { actions, problems } = plan(first);
  throwIfAny(problems);
  if (request.dryRun) return answer(shownPlan(actions));
  if (question !== undefined && actions.length > 0) {
    say(shownPlan(actions).join('\n'));
    await agreed(context, question);
  }
  const began = deps.clock();
  const actual = await converge({ settings, plan, looks: 1 }, applying, first);
  say(actions.length === 0 ? 'Nothing to do.' : `Done in ${Math.round((deps.clock() - began) / 1000)} s.`);
  answer(statusLines(settings, actual, deps.clock()));
}

/** A build had the cluster for itself, and did not give it back in time. */
const isExpired = ({ deps }: Context, { cluster: found }: Actual): boolean => {
  const lease = found && leaseOf(found.tags);
  return lease !== undefined && lease.expires < deps.clock();
};

async function status(context: Context): Promise<void> {
  const actual = await look(context);
  context.answer(statusLines(context.project.settings, actual, context.deps.clock()));
  if (isExpired(context, actual))
    context.emit({
      type: 'problems',
      problems: [
        {
          code: 'cluster-forgotten',
          severity: 'warning',
          message: `a build left '${context.project.settings.identifier}' behind: its time is over`,
          hint: 'Give it back with: dwh cluster pause --expired, or delete --expired.',
        },
      ],
    });
}

async function resume(context: Context): Promise<void> {
  const { project, say, deps } = context;
  for (const line of estimate(project.settings)) say(line);
  await change(context, (actual) => planResume(project.settings, actual, deps.clock()));
}

async function resize(context: Context): Promise<void> {
  const { project, say } = context;
  for (const line of estimate(project.settings)) say(line);
  await change(context, (actual) => planResize(project.settings, actual), 'Resize it?');
}

async function cost(context: Context): Promise<void> {
  const { project, answer, deps } = context;
  const { settings } = project;
  const { cluster: found } = await look(context);
  const serverless = ['What it cost so far, AWS alone knows: select sum(charged_seconds) / 3600.0 as rpu_hours from sys_serverless_usage;'];
  const sofar = found ? costSoFar(found, deps.clock()) : [`There is no cluster '${settings.identifier}' in ${settings.region}.`];
  answer([...estimate(settings), ...(settings.type === 'serverless' ? serverless : sofar)]);
}

/** Looks of a deletion that must find nothing: what was made shortly before may not be shown yet. */
const LOOKS = 3;

async function remove(context: Context): Promise<void> {
  const { request, asked, project, applying, say, answer, emit, deps } = context;
  const { settings } = project;
  const first = await look(context);
  if (asked.expired && !isExpired(context, first)) return say('No build has left it behind: nothing to do.');
  const snapshot = asked.snapshot ? snapshotName(settings.identifier, deps.clock()) : undefined;
  const plan = (actual: Actual) => planDelete(settings, actual, { snapshot, keepBucket: asked.keepBucket });
  const { actions, left } = plan(first);
  if (left.length > 0) emit({ type: 'problems', problems: left });
  if (request.dryRun) return answer(actions.length === 0 ? ['There is nothing to delete.'] : shownPlan(actions));
  if (actions.length > 0) {
    say(shownPlan(actions).join('\n'));
    await agreed(context, 'Delete this?');
  }
  const actual = await converge({ settings, plan, looks: LOOKS }, applying, first);
  const kept = actual.bucket && isOurs(actual.bucket.tags, settings) ? `, but for the bucket ${settings.workBucket}` : '';
  say(actions.length === 0 ? 'There is nothing to delete.' : `Everything that dwh made is deleted${kept}.`);
  const saved = actions.some((action) => 'snapshot' in action && action.snapshot !== undefined);
  if (saved) say(`Its data is in the snapshot ${snapshot}, which costs by its size until it is deleted.`);
}

export const snapshotName = (identifier: string, now: number): string =>
  `${identifier}-final-${new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14)}`;

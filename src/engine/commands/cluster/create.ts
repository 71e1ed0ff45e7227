// dwh cluster create: what the plan says, once it was shown with its cost and agreed to.
import { fail, throwIfAny } from '../../../core/problem.ts';
import type { Request } from '../../../core/request.ts';
import type { Secrets } from '../../../core/secrets.ts';
import { converge } from '../../../provision/converge.ts';
import { estimate } from '../../../provision/cost.ts';
import { observe } from '../../../provision/observe.ts';
import { type Desired, planCreate } from '../../../provision/plan-create.ts';
import type { Actual } from '../../../provision/state.ts';
import type { Tags } from '../../../provision/tags.ts';
import { agreed, shownPlan } from './agreement.ts';
import type { Context } from './context.ts';
import { writeHost } from './profile-file.ts';
import { connectionLines, endpointOf } from './words.ts';

/** https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html, MasterUserPassword */
const isPassword = (text: string): boolean =>
  /^[\x21-\x7e]{8,64}$/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text) && !/['"/\\@]/.test(text);

/** Of an environment variable. Throws before anything is made. */
export function passwordOf(variable: string, { env }: Request, secrets: Secrets): string {
  const password = env[variable] ?? '';
  if (password !== '') secrets.learn(password);
  if (isPassword(password)) return password;
  return fail({
    code: 'cluster-password',
    message:
      password === '' ? `the environment variable ${variable} has no password` : `the password in ${variable} is none that Redshift takes`,
    hint: 'It has 8 to 64 characters, among them a capital, a small letter and a digit, and no \', ", /, \\, @ or blank. Left out, AWS makes and keeps one.',
  });
}

export async function desired({ project, deps }: Pick<Context, 'project' | 'deps'>, lease?: Tags): Promise<Desired> {
  const { settings, places } = project;
  const found = settings.allowCidr === undefined ? await deps.address(deps.signal) : undefined;
  const cidr =
    settings.allowCidr ??
    (found === undefined
      ? fail({
          code: 'cluster-address',
          message: 'the address of this machine, which alone is to be let in, could not be found',
          hint: 'Say who may connect: --allow-cidr 203.0.113.7/32, or allow_cidr: under cluster:.',
        })
      : `${found}/32`);
  return { settings, places, cidr, now: new Date(deps.clock()).toISOString(), ...(lease && { lease }) };
}

export async function create(context: Context): Promise<void> {
  const { request, project, applying, emit, secrets, say, answer } = context;
  const { settings } = project;
  if (settings.passwordEnv !== undefined) passwordOf(settings.passwordEnv, request, secrets);
  if (project.unread.length > 0 && project.unread[0]) say(`The target is not read, and with it no work_uri: ${project.unread[0].message}`);
  const wanted = await desired(context);
  if (wanted.cidr.endsWith('/0'))
    emit({
      type: 'problems',
      problems: [
        {
          code: 'cluster-open',
          severity: 'warning',
          message: `${wanted.cidr} lets everyone try to log in`,
          hint: 'Name your own range of addresses.',
        },
      ],
    });
  const first = await observe(settings, applying.cloud, applying);
  const { actions, problems } = planCreate(wanted, first);
  throwIfAny(problems);
  if (request.dryRun) return answer([...shownPlan(actions), ...estimate(settings)]);
  if (actions.length > 0) {
    say([...shownPlan(actions), ...estimate(settings)].join('\n'));
    await agreed(context, 'Make this?');
  }
  const actual = await converge({ settings, plan: (state) => planCreate(wanted, state), looks: 1 }, applying, first);
  if (actions.length === 0) say('Nothing to do: all is there.');
  differences(context, actual);
  await connect(context, actual);
}

/** What create leaves as it is. */
function differences({ project, emit }: Context, { cluster, workgroup }: Actual): void {
  const { settings } = project;
  const is = cluster ? `${cluster.nodes} x ${cluster.nodeType}` : `${workgroup?.baseCapacity} RPU`;
  const should = cluster ? `${settings.nodes} x ${settings.nodeType}` : `${settings.baseCapacity} RPU`;
  if (is === should) return;
  const message = `'${settings.identifier}' has ${is}, and the project says ${should}`;
  emit({
    type: 'problems',
    problems: [{ code: 'cluster-size', severity: 'warning', message, hint: 'Change it with: dwh cluster resize' }],
  });
}

async function connect({ asked, project, answer, say }: Context, actual: Actual): Promise<void> {
  const endpoint = endpointOf(actual);
  if (!endpoint) return;
  const { target, root } = project;
  if (asked.writeProfile && target?.file !== undefined) {
    const written = await writeHost(root, target.file, project.open.files.target, endpoint.host);
    if (written) return say(`${target.file}: the host of the target '${target.name}' is ${endpoint.host} now`);
  }
  answer([`endpoint: ${endpoint.host}:${endpoint.port}`]);
  say(['For the target in profiles.yml:', ...connectionLines(project.settings, actual)].join('\n'));
}

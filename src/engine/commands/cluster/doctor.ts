// dwh cluster doctor: what usually goes wrong, tested in the order in which it stops a load, each with its fix. What rests on a
// test that failed is not tested.
import { readFileSync } from 'node:fs';
import { redshiftSettings } from '../../../adapters/redshift/credentials.ts';
import { DwhError, type Problem } from '../../../core/problem.ts';
import { observe } from '../../../provision/observe.ts';
import type { Actual } from '../../../provision/state.ts';
import type { Context } from './context.ts';
import { dial, dialTls } from './dial.ts';
import { bucketProblem, clusterProblem, portProblem, publicProblem, roleProblem } from './findings.ts';
import { testCopy, testLogin } from './trials.ts';
import { endpointOf } from './words.ts';

/** What it found to be well, or what is not. */
type Outcome = string | Problem;

interface Examination {
  readonly name: string;
  /** Names of those before it that must have gone well. */
  readonly needs: readonly string[];
  readonly run: () => Promise<Outcome>;
}

export async function doctor(context: Context): Promise<void> {
  const { answer, applying, project } = context;
  const { settings, target } = project;
  let actual: Actual | undefined;
  const seen = (): Actual => {
    if (!actual) throw new Error('nothing was looked at');
    return actual;
  };
  const endpoint = () => endpointOf(seen()) ?? { host: '', port: 0 };
  const noTarget = (): Problem => ({
    code: 'doctor-target',
    message: 'there is no Redshift target that could be read',
    hint: project.unread[0]?.message ?? 'Name it with --target.',
  });
  const examinations: readonly Examination[] = [
    {
      name: 'credentials',
      needs: [],
      async run() {
        actual = await observe(settings, applying.cloud, applying);
        return `${actual.caller.arn}`;
      },
    },
    { name: 'cluster', needs: ['credentials'], run: async () => clusterProblem(settings, seen()) ?? 'available' },
    { name: 'region', needs: ['credentials'], run: () => bucketProblem(project, applying) },
    {
      name: 'role',
      needs: ['credentials', 'cluster'],
      run: async () => roleProblem(project, seen()) ?? `${settings.role}: trusted, allowed and attached`,
    },
    { name: 'public', needs: ['cluster'], run: async () => publicProblem(settings, seen()) ?? 'the endpoint is public' },
    {
      name: 'port',
      needs: ['cluster'],
      async run() {
        const { host, port } = endpoint();
        const socket = await dial(host, port);
        if ('why' in socket) return portProblem(settings, seen(), await context.deps.address(context.deps.signal), socket.why);
        socket.destroy();
        return `${host}:${port} is open`;
      },
    },
    {
      name: 'tls',
      needs: ['port'],
      async run() {
        const { host, port } = endpoint();
        const login = target && redshiftSettings(target.credentials);
        if (login?.sslmode === 'disable') return "not asked for: the target has sslmode 'disable'";
        const ca = login?.sslrootcert === undefined ? undefined : readFileSync(login.sslrootcert, 'utf8');
        const refused = await dialTls(host, port, ca, login?.sslmode !== 'require' || ca !== undefined);
        if (!refused) return 'the certificate is good for the host';
        return {
          code: 'doctor-tls',
          message: `no TLS with ${host}: ${refused.why}`,
          hint: "Let the target's sslrootcert name AWS's certificate bundle, and let nothing in between end TLS.",
        };
      },
    },
    { name: 'login', needs: ['tls'], run: async () => (target ? testLogin(context, target) : noTarget()) },
    { name: 'copy', needs: ['login', 'role', 'region'], run: async () => (target ? testCopy(context, target) : noTarget()) },
  ];
  const failed = new Set<string>();
  const problems: Problem[] = [];
  for (const { name, needs, run } of examinations) {
    const lacks = needs.find((one) => failed.has(one));
    if (lacks !== undefined) {
      failed.add(name);
      answer([`${name}: not tested, for ${lacks}`]);
      continue;
    }
    const outcome = await run().catch((error: unknown): Problem => {
      if (error instanceof DwhError) return error.problems[0];
      throw error;
    });
    if (typeof outcome === 'string') answer([`${name}: OK, ${outcome}`]);
    else {
      failed.add(name);
      problems.push(outcome);
      answer([`${name}: ${outcome.message}`]);
    }
  }
  const [first, ...rest] = problems;
  if (first) throw new DwhError([first, ...rest]);
}

// dwh cluster …: the warehouse of a project at AWS, made, shown, paused, resumed, resized, deleted and examined.
import type { ClusterVerb } from '../../engine/index.ts';
import { clusterAsked, clusterOutside } from '../cluster.ts';
import type { Command } from '../command.ts';
import type { Options } from '../given.ts';
import type { Option } from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

const execution = (describe: string): Option => ({ kind: 'flag', ours: true, group: 'Execution', describe });
const yes: Options = { yes: { kind: 'flag', short: 'y', ours: true, group: 'Execution', describe: 'Ask nothing' } };
const dryRun: Options = { 'dry-run': execution('Print what would be done instead of doing it') };
const size: Options = {
  'node-type': { kind: 'text', ours: true, group: 'Execution', describe: 'In place of node_type: under cluster:' },
  nodes: { kind: 'number', ours: true, group: 'Execution', describe: 'In place of nodes: under cluster:' },
  'base-capacity': { kind: 'number', ours: true, group: 'Execution', describe: 'In place of base_capacity: under cluster:, in RPU' },
};
const access: Options = {
  'allow-cidr': { kind: 'text', ours: true, group: 'Execution', describe: 'Who may connect (default: the address of this machine)' },
  'password-env': { kind: 'text', ours: true, group: 'Execution', describe: "The environment variable with the admin's password" },
};
const expired: Options = { expired: execution('Only when a build left it behind, and its time is over') };

function command(verb: ClusterVerb, options: Options, examples: Command['examples']): Command {
  return {
    options,
    examples,
    async run(invocation) {
      const { given, system } = invocation;
      const request = await requestOf(`cluster ${verb}`, invocation);
      return carryOut(request, {
        ...invocation,
        system: {
          ...system,
          async perform(asked, deps, emit) {
            const { cluster } = await import('../../engine/index.ts');
            await cluster(asked, clusterAsked(verb, given), clusterOutside(deps, system), emit);
          },
        },
      });
    },
  };
}

export const create = command(
  'create',
  {
    ...dryRun,
    ...yes,
    ...size,
    ...access,
    'write-profile': execution('Write the endpoint into the target of profiles.yml'),
  },
  [
    ['dwh cluster create --dry-run', 'what would be made, and what it costs'],
    ['dwh cluster create --password-env DWH_ENV_SECRET_PASSWORD', 'with a password of your own'],
  ],
);
export const status = command('status', {}, [['dwh cluster status', 'what there is']]);
export const pause = command('pause', { ...dryRun, ...expired }, [['dwh cluster pause --expired', 'what a killed build left running']]);
export const resume = command('resume', dryRun, [['dwh cluster resume', 'wait until it runs again']]);
export const resize = command('resize', { ...dryRun, ...yes, ...size }, [['dwh cluster resize --nodes 2', 'to two nodes']]);
export const remove = command(
  'delete',
  {
    ...dryRun,
    ...yes,
    ...expired,
    'final-snapshot': { kind: 'flag', on: true, ours: true, group: 'Execution', describe: 'Take no last snapshot: the data is lost' },
    'keep-bucket': execution('Leave the bucket that was made for work_uri'),
  },
  [['dwh cluster delete --no-final-snapshot', 'leave nothing']],
);
export const cost = command('cost', size, [['dwh cluster cost', 'what it costs an hour, and has cost so far']]);
export const doctor = command('doctor', {}, [['dwh cluster doctor -t redshift', 'from the credentials to one COPY']]);

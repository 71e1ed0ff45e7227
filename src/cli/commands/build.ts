// dwh build: everything in graph order, published when its tests have passed.
import type { Afterwards } from '../../engine/index.ts';
import { clusterAsked, clusterOutside } from '../cluster.ts';
import type { Command, Invocation } from '../command.ts';
import { usage } from '../given.ts';
import {
  deferOptions,
  executionOptions,
  leaseOfClusterOptions,
  loadOption,
  publishOption,
  resourceTypeOptions,
  selectionOptions,
  showOption,
  testOptions,
} from '../options.ts';
import { carryOut } from '../report.ts';
import { requestOf } from '../request.ts';

export const build: Command = {
  options: {
    ...selectionOptions,
    ...deferOptions,
    ...resourceTypeOptions,
    ...executionOptions,
    ...loadOption,
    ...testOptions,
    ...publishOption,
    ...showOption,
    ...leaseOfClusterOptions,
    // There are no saved queries here: the semantic layer is passed over.
    'export-saved-queries': { kind: 'flag', env: 'EXPORT_SAVED_QUERIES', describe: '' },
    'include-saved-query': { kind: 'flag', env: 'INCLUDE_SAVED_QUERY', describe: '' },
  },
  examples: [
    ['dwh build', 'load, build and test everything'],
    ['dwh build -s +fact_songplays', 'one model and all it needs'],
    ["dwh build --vars '{song_data: songs/}'", 'on other data'],
  ],
  run: async (invocation) => carryOut(await requestOf('build', invocation), withCluster(invocation)),
};

/** With --cluster the warehouse is there for the build, and given back after it. */
function withCluster(invocation: Invocation): Invocation {
  const { given, system } = invocation;
  const cluster = given.flag('cluster') ? 'pause' : given.text('cluster');
  if (cluster === undefined) return invocation;
  if (given.flag('dry-run'))
    usage('--cluster makes or resumes a cluster, and --dry-run does nothing', 'Look at it with: dwh cluster create --dry-run');
  return {
    ...invocation,
    system: {
      ...system,
      async perform(request, deps, emit) {
        const { leased } = await import('../../engine/index.ts');
        const build = (): Promise<void> => system.perform(request, deps, emit);
        const outside = clusterOutside(deps, system);
        await leased(request, clusterAsked('create', given), cluster as Afterwards, outside, emit, build);
      },
    },
  };
}

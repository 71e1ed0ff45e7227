import { conforms, themes } from './conforms.ts';
import { redshiftConfigs } from './redshift-configs.ts';
import { redshiftFaults } from './redshift-faults.ts';
import { snapshotFaults } from './snapshot-faults.ts';
import { redshift } from './warehouses.ts';

conforms(redshift, {
  ...themes,
  'configs of its own': redshiftConfigs,
  'faults of its own': redshiftFaults,
  'faults of snapshots': snapshotFaults,
});

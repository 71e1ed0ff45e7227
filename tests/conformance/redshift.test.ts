import { conforms, themes } from './conforms.ts';
import { redshiftFaults } from './redshift-faults.ts';
import { redshift } from './warehouses.ts';

conforms(redshift, { ...themes, 'faults of its own': redshiftFaults });

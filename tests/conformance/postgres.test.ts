import { conforms, themes } from './conforms.ts';
import { materializedViews } from './materialized-views.ts';
import { postgresConfigs } from './postgres-configs.ts';
import { postgres } from './warehouses.ts';

conforms(postgres, { ...themes, 'configs of its own': postgresConfigs, 'materialized views': materializedViews });

import { conforms, themes } from './conforms.ts';
import { postgresConfigs } from './postgres-configs.ts';
import { postgres } from './warehouses.ts';

conforms(postgres, { ...themes, 'configs of its own': postgresConfigs });

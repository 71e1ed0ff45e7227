// A redshift target for tests: a stand-in with a database of its own.
import type { Credentials, Warehouse } from '../../src/adapters/adapter.ts';
import { redshift } from '../../src/adapters/redshift/index.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { StandIn, type StandInOptions } from '../stand-in/stand-in.ts';
import { tempDir } from '../support/temp-dir.ts';
import { openOptions } from './open-options.ts';

export interface RedshiftTarget {
  readonly credentials: Credentials;
  readonly warehouse: Warehouse;
  readonly standIn: StandIn;
  /** The warehouse, then the stand-in. */
  close(): Promise<void>;
}

export async function openTarget(schema = 'analytics', options: StandInOptions = {}): Promise<RedshiftTarget> {
  const standIn = await StandIn.start(options);
  const target = new ConfigReader(standIn.target(schema), {
    locate: () => ({ file: 'profiles.yml', line: 1, column: 1 }),
    problems: [],
  });
  const credentials = redshift.credentials(target, tempDir('redshift'));
  const warehouse = await redshift.open(credentials, openOptions);
  return {
    credentials,
    warehouse,
    standIn,
    async close() {
      await warehouse.close();
      await standIn.close();
    },
  };
}

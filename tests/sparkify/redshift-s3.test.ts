// On the stand-in, from S3 by COPY.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { redshift } from '../conformance/warehouses.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { S3Server } from '../support/s3-server.ts';
import { givesWhatDuckdbGives } from './as-duckdb.ts';

const s3 = await S3Server.start();
const BUCKET = 'dend';
s3.bucket('work');

/** Puts a file or a folder on S3, and returns its place there. */
function put(path: string): string {
  const name = basename(path);
  if (statSync(path).isFile()) s3.put(BUCKET, name, readFileSync(path));
  else
    for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' }))
      if (statSync(join(path, file)).isFile()) s3.put(BUCKET, `${name}/${file}`, readFileSync(join(path, file)));
  return `s3://${BUCKET}/${name}`;
}

givesWhatDuckdbGives(
  {
    ...redshift,
    async target() {
      const standIn = await StandIn.start({ objects: bucketsOf(s3) });
      return { ...standIn.target('analytics'), work_uri: 's3://work/' };
    },
  },
  {
    title: ', from S3',
    place(vars) {
      s3.bucket(BUCKET);
      for (const key of s3.keys(BUCKET, '') ?? []) s3.remove(BUCKET, key);
      return { log_data: put(vars.log_data), log_jsonpath: put(vars.log_jsonpath), song_data: put(vars.song_data) };
    },
    within: (work) => inEnvironment(environmentOf(s3), work),
  },
);

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopySource } from '../../src/adapters/copies.ts';
import { copyInto, packing } from '../../src/adapters/redshift/copy-into.ts';
import { copyParameters, PARAMETERS } from '../../src/adapters/redshift/copy-parameters.ts';
import type { CopySpec } from '../../src/core/node.ts';
import { check } from '../../src/lint/redshift/index.ts';
import { hasProblem } from '../support/rejects.ts';

const test = suite('redshift: copy');

const spec = (more: Partial<CopySpec> = {}): CopySpec => ({
  from: 's3://shop/orders/',
  format: 'json',
  jsonpaths: 'auto',
  mode: 'append',
  on_error: 'abort',
  on_change: 'error',
  truncate_columns: false,
  allow_empty: false,
  options: {},
  at: { file: 'models/sources.yml', line: 7, column: 9 },
  ...more,
});
const manifest: CopySource = { url: 's3://work/dwh/1.manifest', isManifest: true, packed: undefined, region: undefined };
const copy = (more: Partial<CopySpec> = {}, source = manifest, iamRole = 'default') =>
  copyInto(
    { schema: 'raw', identifier: 'orders' },
    [
      { name: 'id', type: 'bigint' },
      { name: 'Note', type: 'character varying(256)' },
    ],
    spec(more),
    source,
    { uri: undefined, iamRole, at: { file: 'profiles.yml', line: 1, column: 1 } },
  );

test('JSON by its keys, by a jsonpaths file, packed, with a limit of rejects', () => {
  assert.is(
    copy().sql,
    `copy "raw"."orders" ("id", "Note")\nfrom 's3://work/dwh/1.manifest'\niam_role default\nmanifest\nformat as json 'auto'`,
  );
  const { sql } = copy(
    { jsonpaths: 's3://shop/paths.json', on_error: 'reject', truncate_columns: true, options: { region: 'us-west-2' } },
    { url: 's3://shop/orders/', isManifest: false, packed: 'gzip', region: undefined },
    'arn:aws:iam::1:role/copy',
  );
  assert.is(
    sql,
    `copy "raw"."orders" ("id", "Note")\nfrom 's3://shop/orders/'\niam_role 'arn:aws:iam::1:role/copy'\nregion as 'us-west-2'\nformat as json 's3://shop/paths.json'\ngzip\ntruncatecolumns\nmaxerror as 100000`,
  );
  assert.match(copy({ on_error: 'reject', max_errors: 10 }).sql, 'maxerror as 11');
  assert.match(copy({ on_error: 'reject', max_errors: 0 }).sql, 'maxerror as 1');
  assert.not.match(copy({ on_error: 'reject', options: { ignoreallerrors: true } }).sql, 'maxerror');
});

test('CSV has a header unless it says otherwise; parquet takes no region and no limits', () => {
  assert.match(copy({ format: 'csv' }).sql, /format as csv ignoreheader as 1\nemptyasnull$/);
  assert.match(
    copy({ format: 'csv', options: { header: false, delimiter: '|', null_as: 'NA', quote: "'" } }).sql,
    /csv\ndelimiter as '\|'\nnull as 'NA'\nquote as ''''$/,
  );
  assert.match(copy({ format: 'csv', options: { ignoreheader: 2 } }).sql, /csv\nemptyasnull\nignoreheader as 2$/);
  const parquet = copy({ format: 'parquet', on_error: 'reject', truncate_columns: true, options: { region: 'us-east-1' } }).sql;
  assert.match(parquet, /manifest\nformat as parquet$/);
});

test('parameters pass through, each in its own form', () => {
  const options = {
    timeformat: 'epochmillisecs',
    dateformat: 'auto',
    acceptinvchars: true,
    compupdate: 'off',
    statupdate: true,
    comprows: '5000',
    blanksasnull: true,
    emptyasnull: false,
    encoding: 'utf16',
    roundec: 'False',
  };
  const { problems } = copyParameters(spec({ options }));
  assert.equal(problems, []);
  assert.match(
    copy({ options }).sql,
    "timeformat as 'epochmillisecs'\ndateformat as 'auto'\nacceptinvchars\ncompupdate off\nstatupdate on\ncomprows 5000\nblanksasnull\nencoding as utf16",
  );
  assert.match(copy({ options: { acceptinvchars: '?' } }).sql, "acceptinvchars as '?'");
});

test('what is true or false in YAML or in a template is ON or OFF, or there or not; a text of that word is a text', () => {
  const tail = (options: CopySpec['options'], format: CopySpec['format'] = 'json'): string => {
    assert.equal(copyParameters(spec({ format, options })).problems, []);
    return copy({ format, options })
      .sql.replace(/^.*format as (json 'auto'|csv ignoreheader as 1\n?)/s, '')
      .trim();
  };
  assert.is(tail({ compupdate: false, statupdate: 'True' }), 'compupdate off\nstatupdate on');
  assert.is(
    tail({ compupdate: 'preset', roundec: 'True', blanksasnull: 'false', acceptinvchars: 'true' }),
    'compupdate preset\nroundec\nacceptinvchars',
  );
  assert.is(tail({ null_as: 'true' }, 'csv'), "null as 'true'");
  assert.is(tail({ manifest: false, gzip: 'false' }), '');
  assert.not.match(copy({ on_error: 'reject', options: { ignoreallerrors: 'true' } }).sql, 'maxerror');
  hasProblem(copyParameters(spec({ options: { encoding: true } })).problems, { code: 'load-option', message: 'one word' });
});

const FORMATS: readonly CopySpec['format'][] = ['csv', 'json', 'parquet'];

/** For each parameter values as a project may write them. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  flag: [true, 'true', false],
  number: [0, 1, '20'],
  switch: [true, false, 'on', 'OFF'],
  text: ['auto', "a'b\\"],
  'text?': [true, false, '?'],
  word: ['utf8', 'UTF16'],
};

test('each parameter is Redshift by the grammar, with each format that takes it, each way of naming objects and each packing', () => {
  for (const [key, { takes, formats = FORMATS }] of Object.entries(PARAMETERS))
    for (const format of formats)
      for (const value of VALUES[takes] ?? [])
        for (const source of [manifest, { ...manifest, isManifest: false, packed: 'gzip', region: 'us-west-2' }]) {
          // Columnar files are packed within.
          const from = format === 'parquet' ? { ...source, packed: undefined } : source;
          // One byte; the grammar knows what these may be.
          const options = { [key]: key === 'delimiter' || key === 'quote' ? '|' : value };
          const read: Partial<CopySpec> = { format, options, on_error: key === 'ignoreallerrors' ? 'reject' : 'abort' };
          assert.equal(copyParameters(spec(read)).problems, []);
          const { sql } = copy(read, from);
          const [checked, ...more] = check(sql);
          assert.equal(more, []);
          assert.equal(
            checked?.findings.filter(({ severity }) => severity === 'error').map(({ message }) => `${sql}\n${message}`),
            [],
          );
          assert.is(checked?.refused, false);
        }
});

test('who reads the objects: a role, keys, credentials; secrets are not shown', () => {
  const keys = copy({ options: { access_key_id: 'AKIA1', secret_access_key: 'hush-hush', session_token: 'token' } });
  assert.match(keys.sql, "access_key_id 'AKIA1'\nsecret_access_key 'hush-hush'\nsession_token 'token'");
  assert.not.match(keys.shown, 'hush-hush');
  assert.not.match(keys.shown, "'token'");
  const credentials = copy({ options: { credentials: 'aws_access_key_id=AKIA1;aws_secret_access_key=hush-hush' } });
  assert.match(credentials.sql, 'hush-hush');
  assert.not.match(credentials.shown, 'hush-hush');
  assert.match(copy({ options: { iam_role: 'arn:1,arn:2' } }).sql, "iam_role 'arn:1,arn:2'");
});

test('what COPY would refuse, or dwh does itself, is said before', () => {
  const wrong = (more: Partial<CopySpec>, wanted: Parameters<typeof hasProblem>[1]): void => {
    hasProblem(copyParameters(spec(more)).problems, { code: 'load-option', at: 'models/sources.yml:7', ...wanted });
  };
  wrong({ options: { manifest: true } }, { message: "'manifest'", hint: 'writes the manifest itself' });
  wrong({ options: { maxerror: 5 } }, { hint: 'max_errors' });
  wrong({ options: { timefromat: 'auto' } }, { message: "'timefromat'", hint: "'timeformat'" });
  wrong({ options: { null_as: 'x' } }, { message: 'with format json', hint: 'csv' });
  wrong({ format: 'parquet', options: { dateformat: 'auto' } }, { message: 'with format parquet' });
  wrong({ options: { comprows: 'many' } }, { message: 'a whole number' });
  wrong({ options: { blanksasnull: 'perhaps' } }, { message: 'true or false' });
  wrong({ on_error: 'reject', max_errors: 3, options: { ignoreallerrors: true } }, { message: 'IGNOREALLERRORS' });
  wrong({ options: { iam_role: 'arn', access_key_id: 'a', secret_access_key: 'b' } }, { message: 'iam_role and access_key_id' });
  wrong({ options: { access_key_id: 'a' } }, { message: 'go together' });
});

test('how an object is packed is told from its ending', () => {
  assert.equal(['a.json', 'a.json.gz', 'A.GZ', 'a.bz2', 'a.zst', 'a.lzo', 'gz'].map(packing), [
    undefined,
    'gzip',
    'gzip',
    'bzip2',
    'zstd',
    'lzop',
    undefined,
  ]);
});

test.run();

// The parameters of COPY and UNLOAD: which there are, and what each takes.
// https://docs.aws.amazon.com/redshift/latest/dg/r_COPY-parameters.html
// https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html

/**
 * 'flag': nothing; 'string?': perhaps a string; 'role': a string or DEFAULT; 'switch?': perhaps ON or OFF; 'size': a number with MB or GB;
 * 'columns': names in parentheses; else one of these words.
 */
export type Takes = 'flag' | 'string' | 'string?' | 'number' | 'role' | 'switch?' | 'size' | 'columns' | readonly string[];

const authorization: Readonly<Record<string, Takes>> = {
  iam_role: 'role',
  credentials: 'string',
  access_key_id: 'string',
  secret_access_key: 'string',
  session_token: 'string',
  token: 'string',
};

export const copyParameters: Readonly<Record<string, Takes>> = {
  ...authorization,
  region: 'string',
  // formats
  csv: 'flag',
  quote: 'string',
  delimiter: 'string',
  fixedwidth: 'string',
  shapefile: 'flag',
  simplify: 'flag',
  avro: 'string?',
  json: 'string?',
  parquet: 'flag',
  orc: 'flag',
  gzip: 'flag',
  bzip2: 'flag',
  lzop: 'flag',
  zstd: 'flag',
  // sources
  manifest: 'flag',
  encrypted: 'flag',
  master_symmetric_key: 'string',
  ssh: 'flag',
  readratio: 'number',
  // conversion
  acceptanydate: 'flag',
  acceptinvchars: 'string?',
  blanksasnull: 'flag',
  dateformat: 'string?',
  emptyasnull: 'flag',
  encoding: ['utf8', 'utf16', 'utf16le', 'utf16be', 'iso88591'],
  escape: 'flag',
  explicit_ids: 'flag',
  fillrecord: 'flag',
  ignoreblanklines: 'flag',
  ignoreheader: 'number',
  null: 'string',
  removequotes: 'flag',
  roundec: 'flag',
  serializetojson: 'flag',
  timeformat: 'string?',
  trimblanks: 'flag',
  truncatecolumns: 'flag',
  // operation
  comprows: 'number',
  compupdate: 'switch?',
  ignoreallerrors: 'flag',
  maxerror: 'number',
  noload: 'flag',
  statupdate: 'switch?',
};

export const unloadParameters: Readonly<Record<string, Takes>> = {
  ...authorization,
  csv: 'flag',
  parquet: 'flag',
  json: 'flag',
  partition: 'columns',
  manifest: 'flag',
  header: 'flag',
  delimiter: 'string',
  fixedwidth: 'string',
  encrypted: 'flag',
  kms_key_id: 'string',
  master_symmetric_key: 'string',
  bzip2: 'flag',
  gzip: 'flag',
  zstd: 'flag',
  addquotes: 'flag',
  null: 'string',
  escape: 'flag',
  allowoverwrite: 'flag',
  cleanpath: 'flag',
  parallel: 'switch?',
  maxfilesize: 'size',
  rowgroupsize: 'size',
  region: 'string',
  extension: 'string',
};

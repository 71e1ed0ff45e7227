// The project that `dwh init --from-cfg` makes: the Sparkify project that comes with dwh, with the profile, vars and cluster of a
// dwh.cfg. Nothing in it is secret.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMap, parseDocument, stringify } from 'yaml';
import type { CourseSettings } from './course-cfg.ts';

const FOLDERS = ['models', 'macros', 'seeds', 'analyses', 'data-tests'];

/** The folder of dwh's package, which has the Sparkify project at its top, as sources and as what is installed. */
function packageFolder(from = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, 'package.json')) && existsSync(join(from, 'project.yml')) ? from : packageFolder(dirname(from));
}

/** Path to text. */
export function courseFiles(name: string, settings: CourseSettings): Readonly<Record<string, string>> {
  const root = packageFolder();
  const shipped = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:sql|yml|csv)$/.test(file))
      .sort()
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
  );
  return {
    'project.yml': projectFile(readFileSync(join(root, 'project.yml'), 'utf8'), name, settings),
    'profiles.yml': profilesFile(name, settings),
    '.gitignore': IGNORED,
    ...Object.fromEntries(shipped.map((file) => [file, readFileSync(join(root, file), 'utf8')])),
  };
}

/** What git should not keep: dwh.cfg may have a password in it. */
export const IGNORED = `dwh.cfg
target/
*.duckdb
*.duckdb.wal
`;

const HEAD = `# Sparkify: raw JSON of songs and of a music app's event log becomes a tested star schema.
# Where it is built is in profiles.yml.
`;
const CLUSTER = '# What dwh cluster makes, when it is asked to.';

/** The shipped one, edited: what it says of models and seeds stands in one place. */
function projectFile(shipped: string, name: string, { vars, cluster }: CourseSettings): string {
  const document = parseDocument(shipped);
  const { contents } = document;
  if (!isMap(contents)) throw new Error('project.yml is not a mapping');
  document.set('name', name);
  const place = contents.items.findIndex(({ key }) => String(key) === 'name') + 1;
  contents.items.splice(place, 0, document.createPair('profile', name));
  for (const [key, value] of Object.entries(vars)) document.setIn(['vars', key], value);
  for (const section of ['models', 'seeds']) {
    const configs = document.getIn([section]);
    for (const pair of isMap(configs) ? configs.items : []) pair.key = document.createNode(name);
  }
  contents.items.push(document.createPair('cluster', cluster));
  const body = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  // The first comment says that there is no profile, and the last key has none.
  return body.replace(/^(?:#.*\n)+/, HEAD).replace(/^cluster:$/m, `\n${CLUSTER}\ncluster:`);
}

/** As YAML 1.1 and 1.2 both read it. */
const text = (value: string): string => stringify(value, { version: '1.1' }).trimEnd();

const profilesFile = (
  name: string,
  { host, iamRole, cluster }: CourseSettings,
): string => `# Where the project is built. Secrets come from the environment: none of them belongs in this file.
${name}:
  target: redshift
  outputs:
    redshift:
      type: redshift
      host: ${host === undefined ? `"{{ env_var('DWH_REDSHIFT_HOST') }}"      # the cluster's endpoint` : text(host)}
      port: ${cluster.port}
      user: ${text(cluster.user)}
      password: "{{ env_var('DWH_ENV_SECRET_REDSHIFT_PASSWORD') }}"
      dbname: ${text(cluster.database)}
      # Not public: tables of the course's scripts that may still be there stay as they are.
      schema: analytics
      region: ${cluster.region}
      # What COPY takes on to read the bucket; DWH_IAM_ROLE of the environment counts more.
      iam_role: ${iamRole === undefined ? 'default' : text(iamRole)}
      sslmode: verify-full
      threads: 4
      # Where manifests of what COPY loads are kept, in the data's region. Without it a load COPYs the prefix and checks.
      # work_uri: s3://BUCKET/dwh-work/

    # On this machine, without a cluster: dwh build --target duckdb
    duckdb:
      type: duckdb
      path: dwh.duckdb
      schema: main
      threads: 3
`;

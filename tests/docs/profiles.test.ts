// profiles.example.yml: what stands in it is taken by the adapters without a word, also what it comments out, and every key
// that an adapter reads stands in it. The pages tell what each key means, and each parameter of COPY.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { adapters } from '../../src/adapters/index.ts';
import { AUTHORIZATION, PARAMETERS } from '../../src/adapters/redshift/copy-parameters.ts';
import { ConfigReader, isMapping } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import { readYaml } from '../../src/project/yaml.ts';
import { repoRoot } from '../support/shared.ts';
import { codeIn, pages } from './pages.ts';

const test = suite('docs: profiles.example.yml');

const FILE = 'profiles.example.yml';
/** Other spellings of keys, and keys that are read to say that they cannot be had. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  duckdb: ['secrets', 'use_credential_provider', 'plugins', 'filesystems', 'remote', 'is_ducklake'],
  postgres: ['pass', 'database'],
  redshift: ['pass', 'database', 'keepalives_idle'],
};

const written = readFileSync(join(repoRoot, FILE), 'utf8').replaceAll(/\{\{ env_var\('(\w+)'.*?\) \}\}/g, (_, name: string) =>
  name === 'DWH_WORK_URI' ? 's3://sparkify/work/' : 'x',
);
/** `# key: value` is a key that is commented out; prose begins otherwise. */
const all = written.replaceAll(/^( +)# ([a-z_]+: .*)$/gm, '$1$2');

interface Read {
  readonly type: string;
  readonly problems: readonly Problem[];
  readonly given: readonly string[];
  readonly asked: readonly string[];
}

function outputsIn(text: string): ReadonlyMap<string, Read> {
  const { value } = readYaml(text, FILE);
  const profile = isMapping(value) && isMapping(value.sparkify) ? value.sparkify : {};
  const outputs = isMapping(profile.outputs) ? profile.outputs : {};
  return new Map(Object.entries(outputs).map(([name, target]) => [name, read(isMapping(target) ? target : {})]));
}

const loaded = new Map(await Promise.all([...adapters].map(async ([type, adapter]) => [type, await adapter()] as const)));

function read(target: Readonly<Record<string, unknown>>): Read {
  const asked = new Set<string>();
  const problems: Problem[] = [];
  const values = new Proxy(target, {
    get(from, key) {
      asked.add(String(key));
      return from[String(key)];
    },
  });
  const type = String(target.type);
  loaded.get(type)?.credentials(new ConfigReader(values, { locate: () => undefined, problems }), repoRoot);
  return { type, problems, given: Object.keys(target), asked: [...asked] };
}

test('every target is taken as it stands, and with all that is commented out', () => {
  for (const text of [written, all])
    for (const [name, { type, problems }] of outputsIn(text)) {
      assert.ok(adapters.has(type), `${name}: ${type}`);
      assert.equal(problems, [], name);
    }
});

test('every key that an adapter reads is there', () => {
  const outputs = [...outputsIn(all).values()];
  for (const type of adapters.keys()) {
    const own = outputs.filter((output) => output.type === type);
    const given = new Set(['type', ...(LEFT_OUT[type] ?? []), ...own.flatMap((output) => output.given)]);
    const asked = new Set(own.flatMap((output) => output.asked));
    assert.ok(asked.size > 5, type);
    assert.equal(
      [...asked].filter((key) => !given.has(key)),
      [],
      type,
    );
  }
});

test('the pages of Postgres and Redshift tell what each key means', () => {
  const outputs = [...outputsIn(all).values()];
  for (const type of ['postgres', 'redshift']) {
    const page = pages.find(({ file }) => file === `docs/${type}.md`);
    const told = page ? codeIn(page).map(({ code }) => code) : [];
    const asked = new Set(outputs.filter((output) => output.type === type).flatMap((output) => output.asked));
    assert.equal(
      [...asked].filter((key) => !told.includes(key)),
      [],
      type,
    );
  }
});

test('the page of Redshift has each parameter of COPY', () => {
  const page = pages.find(({ file }) => file === 'docs/redshift.md');
  const told = page ? codeIn(page).map(({ code }) => code) : [];
  assert.equal(
    [...Object.keys(PARAMETERS), ...AUTHORIZATION].filter((key) => !told.includes(key)),
    [],
  );
});

test.run();

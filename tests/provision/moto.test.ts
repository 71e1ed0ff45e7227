// Provisioned clusters once against moto, an AWS that others wrote. Its limits: clusters are there at once, one that is paused
// can be paused, no resizing, no attaching of roles, no Serverless (the AWS of tests/aws has all of these). pip installs it,
// into .tmp/, where a CI asks for it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openCloud } from '../../src/provision/aws/index.ts';
import { repoRoot } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { dwh, type Outcome, project, SHOP } from './harness.ts';

const VERSION = '5.2.5';
const INSTALL_MS = 240_000;
const folder = join(repoRoot, '.tmp', `moto-${VERSION}`);
const server = join(folder, 'bin', 'moto_server');

/** Why there is no moto; undefined: it is there. */
function lacking(): string | undefined {
  if (existsSync(server)) return undefined;
  if (!process.env.CI)
    return `moto is installed only with CI=true, or by hand: python3 -m venv ${folder.replace(`${repoRoot}/`, '')}, then pip install moto`;
  const run = (program: string, ...words: readonly string[]): boolean =>
    spawnSync(program, words, { stdio: 'ignore', timeout: INSTALL_MS }).status === 0;
  const made =
    run('python3', '-m', 'venv', folder) &&
    run(join(folder, 'bin', 'pip'), 'install', '-q', `moto[ec2,iam,s3,redshift]==${VERSION}`, 'flask', 'flask-cors');
  if (made && existsSync(server)) return undefined;
  rmSync(folder, { recursive: true, force: true });
  return `python3 with venv and pip could not install moto ${VERSION}`;
}

const reason = lacking();
const test = skipUnless(reason === undefined, reason ?? '', suite('clusters: against moto'));

let moto: ChildProcess | undefined;
let endpoint = '';

test.before(async () => {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  endpoint = `http://127.0.0.1:${port}`;
  moto = spawn(server, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  for (let tries = 0; tries < 300; tries++) {
    if (
      await fetch(`${endpoint}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await setTimeout(100);
  }
  throw new Error('moto does not answer');
});
test.after(() => {
  moto?.kill('SIGKILL');
});

test('a cluster is made, found, paused, resumed and deleted with all that came with it', async () => {
  const cwd = project(SHOP);
  const aws = { world: { now: Date.now() }, calls: [] };
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const run = async (line: string): Promise<Outcome> => {
    const cloud = openCloud({ region: 'us-west-2', pathStyle: true, instead: { endpoint, credentials } });
    const outcome = await dwh(line.split(' '), { aws, cwd, cloud });
    assert.equal(outcome.problems, [], line);
    return outcome;
  };
  const made = await run('cluster create --yes');
  assert.match(made.answer, /^endpoint: shop\..*\.us-west-2\.redshift\.amazonaws\.com:5439\n$/);
  assert.match((await run('cluster create --yes')).said, /^Nothing to do: all is there\./);
  assert.match((await run('cluster pause')).answer, /^cluster shop in us-west-2: paused/);
  assert.match((await run('cluster resume')).answer, /^cluster shop in us-west-2: available/);
  const status = (await run('cluster status')).answer;
  for (const part of ['role: dwh-shop, attached', 'open to 203.0.113.7/32', 'bucket: shop-work in us-west-2']) assert.match(status, part);
  assert.match((await run('cluster delete --yes')).said, /Everything that dwh made is deleted\./);
  assert.is((await run('cluster status')).answer, 'cluster shop in us-west-2: there is none\n');
  assert.equal((await run('cluster delete --yes')).said, 'There is nothing to delete.');
});

test.run();

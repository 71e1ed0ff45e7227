// The lists of statements that are known to be taken or refused by Redshift, over the wire: those refused are refused, and of
// those taken none is answered with an error of the grammar.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shared, withoutShared } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { type Client, connect } from './client.ts';
import { StandIn } from './stand-in.ts';

interface Listed {
  readonly id: string;
  readonly sql: string;
  readonly layer?: string;
}
const folder = shared('redshift');
const test = skipUnless(folder, withoutShared, suite<{ standIn: StandIn; client: Client }>('the stand-in: known statements'));
const listed = (file: string): readonly Listed[] =>
  readFileSync(`${folder}/${file}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Listed);

test.before(async (context) => {
  context.standIn = await StandIn.start();
  context.client = await connect(context.standIn);
});
test.after(async ({ standIn, client }) => {
  await client.pg.end();
  await standIn.close();
});

test('all of those that Redshift refuses are refused', async ({ client }) => {
  const taken: string[] = [];
  for (const { id, sql } of listed('invalid.jsonl')) {
    await client.rows('rollback');
    if ((await client.outcome(sql)) === 'done') taken.push(`${id} ${sql}`);
  }
  assert.equal(taken, []);
});

test('none of those that Redshift takes is refused by the grammar', async ({ client }) => {
  const refused: string[] = [];
  let untranslated = 0;
  const statements = listed('valid.jsonl');
  for (const { id, sql } of statements) {
    await client.rows('rollback');
    const outcome = await client.outcome(sql);
    if (outcome.startsWith('0A000 the stand-in does not translate')) untranslated++;
    else if (/syntax error|the stand-in is broken/.test(outcome)) refused.push(`${id} ${outcome}: ${sql}`);
  }
  assert.equal(refused, []);
  assert.ok(untranslated < statements.length / 2, `${untranslated} of ${statements.length} are not translated`);
});

test.run();

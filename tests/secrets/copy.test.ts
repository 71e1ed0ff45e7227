// The keys that COPY is given stand in its text: they reach the server, and nothing else. On the stand-in.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Context, copies, loading, onStandIn, put, row, rows, spec } from '../loads/redshift-project.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { findsNone, keepsSecrets, leaks, say } from './planted.ts';

const test = suite<Context>('secrets: COPY');
onStandIn(test);

const KEYS = ['AKIAPLANTED7KEY12345', "planted/Secret+Key'thatNobodyMaySee", 'planted-token-that-nobody-may-see'];
const [KEY_ID = '', KEY = '', TOKEN = ''] = KEYS;
const ENV = { PLANTED: KEY };
const AUTHORIZATIONS = [
  { access_key_id: KEY_ID, secret_access_key: "{{ env_var('PLANTED') }}", session_token: TOKEN },
  { credentials: `aws_access_key_id=${KEY_ID};aws_secret_access_key={{ env_var('PLANTED') }};token=${TOKEN}` },
];

test('a load that goes well, with bad records, and one that only prints', async (context) => {
  for (const [index, keys] of AUTHORIZATIONS.entries()) {
    put(context, { [`events/${index}.json`]: `${row(1)}${row(2)}{"ts": "${KEY_ID}"}\n` });
    const { shop } = await loading(context, spec({ ...keys, region: 'us-west-2' }));
    const from = context.standIn.transcript.length;
    await inEnvironment(environmentOf(context.s3), async () => {
      await keepsSecrets(shop, [['load', '--dry-run'], ['load']], KEYS, ENV);
      await keepsSecrets(shop, [['parse'], ['compile'], ['source', 'freshness'], ['load', '--full-refresh']], KEYS, ENV);
    });
    const [copy = ''] = copies(context, from);
    for (const key of [KEY_ID, TOKEN]) assert.match(copy, key);
    assert.match(await shop.read('target/run/shop/models/sources.yml/raw.events.sql'), /(?:access_key_id|credentials) '\*{5}'/);
    assert.ok((await rows(context)).length >= 2);
  }
});

test('a COPY that is refused, in words that quote it', async (context) => {
  for (const keys of AUTHORIZATIONS) {
    put(context, { 'events/a.json': row(1) });
    const { shop } = await loading(context, spec({ ...keys, on_error: 'abort' }));
    for (const message of [
      `syntax error at or near "'${KEY.replaceAll("'", "''")}'"`,
      `S3ServiceException:The AWS Access Key Id ${KEY_ID} does not exist,Status 403`,
      `Invalid credentials: ${encodeURIComponent(KEY)} ${TOKEN}`,
    ]) {
      await shop.write('target/.keep', '');
      context.standIn.plan({ when: ({ kind }) => kind === 'copy', fault: { error: { sqlstate: 'XX000', message } } });
      const { status, text } = await inEnvironment(environmentOf(context.s3), () => say(shop, ['load', '--log-level', 'debug'], ENV));
      assert.is(status, 1, text);
      assert.match(text, message.slice(0, 12));
      findsNone(leaks(shop, { load: text }, KEYS));
    }
  }
});

test.run();

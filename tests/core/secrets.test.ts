import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError } from '../../src/core/problem.ts';
import { secretsOfEnvironment, secretsOfTarget, secretsWithin, shownLine } from '../../src/core/secret-names.ts';
import { secretsOf } from '../../src/core/secrets.ts';

const test = suite('core: secrets');

/** Encoders of the standard library, and a few by hand. */
const ENCODERS: Readonly<Record<string, (text: string) => string>> = {
  itself: (text) => text,
  'a literal of SQL': (text) => `'${text.replaceAll("'", "''")}'`,
  'a quoted name': (text) => `"${text.replaceAll('"', '""')}"`,
  JSON: (text) => JSON.stringify({ text }),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify([text])),
  'JSON in a literal of SQL': (text) => `'${JSON.stringify(text).replaceAll("'", "''")}'`,
  'a URL': (text) => `https://host/?a=${encodeURIComponent(text)}`,
  'a form': (text) => new URLSearchParams({ password: text }).toString(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
};
const secret = fc
  .oneof(fc.string({ minLength: 8, maxLength: 20 }), fc.string({ unit: 'binary', minLength: 8, maxLength: 12 }))
  .filter((text) => text.trim().length >= 8);
const words = fc.stringMatching(/^[ab ]{0,9}$/);

test('no encoding of a secret survives, whatever it is made of and whatever stands around it', () => {
  fc.assert(
    fc.property(secret, words, words, fc.constantFrom(...Object.keys(ENCODERS)), (text, before, after, encoder) => {
      const { mask } = secretsOf([text]);
      const encode = ENCODERS[encoder] ?? String;
      const bare = encode(text).replaceAll(/^['"]|['"]$/g, '');
      const masked = mask(`${before}${encode(text)}${after}`);
      assert.ok(encoder === 'itself' || !encode(text).includes(text) ? !masked.includes(bare) : !masked.includes(text), masked);
    }),
    { numRuns: 500 },
  );
});

test('in base64 a secret is found behind any number of bytes: a name and a password, say', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zA-Z0-9!-/]{9,20}$/),
      fc.string({ maxLength: 6 }),
      fc.string({ maxLength: 6 }),
      (text, before, after) => {
        const encoded = Buffer.from(`${before}${text}${after}`).toString('base64');
        const shown = secretsOf([text]).mask(encoded);
        assert.not(Buffer.from(shown, 'base64').toString().includes(text));
        assert.match(shown, '*****');
      },
    ),
    { numRuns: 300 },
  );
});

test('what is written as JSON stays JSON, and has no secret in it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(?:[0-9]{4,6}|[[\]{}",:]{4,6}|[xyz]{4,6})$/), fc.jsonValue(), (text, value) => {
      const { json } = secretsOf([text]);
      const parsed = JSON.parse(json({ value, text, [`key ${text}`]: [text], row: [Number(text)] })) as Record<string, unknown>;
      const leaves: unknown[] = [];
      const walk = (one: unknown): void => {
        if (typeof one === 'object' && one !== null) for (const entry of Object.entries(one)) entry.forEach(walk);
        else leaves.push(one);
      };
      walk(parsed);
      assert.not(leaves.some((leaf) => typeof leaf === 'string' && leaf.includes(text)));
      assert.not(
        leaves.some(
          (leaf) => typeof leaf === 'number' && String(leaf) === text && /^[1-9]/.test(text) && !JSON.stringify(value).includes(text),
        ),
      );
    }),
    { numRuns: 300 },
  );
});

test('a key of several lines is masked line by line; short ones, and words that artifacts are made of, are not', () => {
  const { mask, learn, isEmpty } = secretsOf(['a', 'abc', '   x  ', 'model', '']);
  assert.ok(isEmpty());
  assert.is(mask('a model abc'), 'a model abc');
  learn('first line\nsecond line\r\nend', 'pass word');
  assert.is(mask('3 | second line'), '3 | *****');
  assert.is(mask("x first line\r\nsecond line\r\nend 'pass word'"), "x ***** '*****'");
  learn('pass word and more');
  assert.is(mask('pass word and more'), '*****');
});

test('errors: the problems of a DwhError, message, stack and cause of any other', () => {
  const { maskedError } = secretsOf(['hunter2']);
  const wrong = maskedError(new DwhError([{ code: 'a', message: 'is hunter2', detail: ['1 | hunter2'], hint: 'not hunter2' }])) as DwhError;
  assert.equal(wrong.problems, [{ code: 'a', message: 'is *****', detail: ['1 | *****'], hint: 'not *****' }]);
  const bug = maskedError(new TypeError('of hunter2', { cause: new Error('by hunter2') })) as Error;
  assert.equal([bug.name, bug.message, (bug.cause as Error).message], ['TypeError', 'of *****', 'by *****']);
  assert.not.match(`${bug.stack}${(bug.cause as Error).stack}`, 'hunter2');
  assert.match(bug.stack ?? '', 'secrets.test.ts');
});

test('where secrets stand: in the environment, under names of a target, in URLs and in pairs', () => {
  assert.equal(
    secretsOfEnvironment({ PGPASSWORD: 'a', DBT_ENV_SECRET_X: 'b', DWH_ENV_SECRET: 'c', PASSWORD: 'd', AWS_SESSION_TOKEN: '' }),
    ['a', 'b', 'c'],
  );
  const target = {
    type: 'postgres',
    host: 'postgres://ann:p%40ss@db:5432/shop',
    user: 'ann',
    password: 'ann',
    pass: 'hunter2',
    sslkey: '/keys/own.pem',
    secret_arn: 'arn:aws:x',
    port: 5432,
    settings: { s3_secret_access_key: 'k3y', s3_region: 'here', motherduck_token: 12345 },
    attach: [{ path: "dbname=shop password='pa ss' user=ann" }],
    secrets: [
      { type: 's3', region: 'us-west-2', scope: ['s3://shop'], key_id: 'AK', secret: 'SK', extra_http_headers: { 'X-Auth': 'hdr' } },
    ],
  };
  assert.equal(secretsOfTarget(target), ['p%40ss', 'p@ss', 'hunter2', 'k3y', '12345', 'pa ss', 'AK', 'SK', 'hdr']);
  assert.equal(secretsWithin('aws_access_key_id=AK;aws_secret_access_key=SK;token=T'), ['AK', 'SK', 'T']);
  assert.equal(secretsWithin('md:shop?motherduck_token=T&x=1'), ['T']);
  assert.equal(secretsWithin('http://host:80/a@b key=1 https://x.y'), []);
});

test('a line of YAML is shown without the values of secrets, and otherwise as it is', () => {
  const shown = (line: string): string | undefined => shownLine(line, 'profiles.yml');
  assert.equal(
    [
      '    password: hunter2, with more',
      '    pass: "hunter2"',
      "      {user: ann, 'password': 'hunter2', host: x}",
      '    password: "{{ env_var(\'PASSWORD\') }}"  # from outside',
      "    password: \"{{ env_var('PASSWORD', 'hunter2') }}\"",
      '    host: db.example.com',
      '    password:',
      '  hunter2 goes on here',
    ].map(shown),
    [
      '    password: *****',
      '    pass: *****',
      "      {user: ann, 'password': *****",
      '    password: "{{ env_var(\'PASSWORD\') }}"  # from outside',
      '    password: *****',
      '    host: db.example.com',
      '    password:',
      undefined,
    ],
  );
  assert.is(shownLine('  goes on here', 'models/models.yml'), '  goes on here');
  assert.is(shownLine('-- password: it is', 'models/a.sql'), '-- password: it is');
});

test.run();

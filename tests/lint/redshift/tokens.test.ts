// Cutting text into tokens, and tokens into statements.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isTrivia, splitStatements, type Token, tokenize } from '../../../src/lint/redshift/index.ts';
import { cases } from './support.ts';

const test = suite('lint redshift: tokens');

const told = (sql: string): string[] =>
  tokenize(sql)
    .filter((token) => !isTrivia(token))
    .map(({ kind, value }) => `${kind} ${value}`);
const only = (sql: string): Token => {
  const [token, ...others] = tokenize(sql);
  assert.equal(others, [], sql);
  if (!token) throw new Error(`no token in '${sql}'`);
  return token;
};

test('words fold their ASCII letters, quoted names do not', () => {
  assert.equal(told('SELECT "Select" Ärger #Temp _a$1'), ['word select', 'quoted Select', 'word Ärger', 'word #temp', 'word _a$1']);
  assert.is(only('"a""b"').value, 'a"b');
});

test('strings: doubled quotes, backslashes with and without E, dollars', () => {
  assert.is(only(`'it''s'`).value, "it's");
  assert.is(only(`'it\\'s'`).value, "it's");
  assert.is(only(`E'a\\tb\\n\\\\'`).value, 'a\tb\n\\');
  assert.is(only(`'\\101\\x'`).value, 'Ax');
  assert.is(only(`$$a ' ; $x$ b$$`).value, `a ' ; $x$ b`);
  assert.is(only(`$x$a $$ b$x$`).value, 'a $$ b');
  assert.is(only(`'a\nb'`).value, 'a\nb');
});

test('numbers and parameters', () => {
  assert.equal(told('1 1.5 .5 2. 1e10 1.5E-3 $1 $12'), [
    'number 1',
    'number 1.5',
    'number .5',
    'number 2.',
    'number 1e10',
    'number 1.5E-3',
    'parameter $1',
    'parameter $12',
  ]);
  assert.equal(told('a.1'), ['word a', 'number .1']);
});

test('operators: the longest, but for a sign that belongs to what follows', () => {
  assert.equal(told('a<-1'), ['word a', 'operator <', 'operator -', 'number 1']);
  assert.equal(told('a@-1'), ['word a', 'operator @-', 'number 1']);
  assert.equal(told('a::int!~*b||/c'), ['word a', 'operator ::', 'word int', 'operator !~*', 'word b', 'operator ||/', 'word c']);
  assert.equal(told('a-- b\n*/* c */d'), ['word a', 'operator *', 'word d']);
  assert.equal(told('f(*)'), ['word f', 'operator (', 'operator *', 'operator )']);
});

test('comments nest', () => {
  assert.equal(told('/* a /* b */ c */ d -- e'), ['word d']);
});

test('what is no token says why', () => {
  const problems = ["'a", '"a', '$$a', '/* a /* */', '""', 'x', "b'1'", "X'1'", "n'a'", "U&'a'", '1a', '{', '\\', '\0', '$a']
    .map((sql) => tokenize(sql)[0])
    .map((token) => token?.problem ?? token?.kind);
  assert.equal(problems, [
    `unterminated quoted string at or near "'a"`,
    `unterminated quoted identifier at or near ""a"`,
    'unterminated dollar-quoted string at or near "$$a"',
    'unterminated /* comment at or near "/* a /* */"',
    'zero-length delimited identifier at or near """"',
    'word',
    'syntax error at or near "b"',
    'syntax error at or near "X"',
    'syntax error at or near "n"',
    'syntax error at or near "&"',
    'syntax error at or near "a"',
    'syntax error at or near "{"',
    'syntax error at or near "\\"',
    'syntax error at or near "\0"',
    'syntax error at or near "$"',
  ]);
});

test('statements end at semicolons that are tokens', () => {
  const sql = `;; select ';' as "a;b" /* ; */ -- ;\n; \n $$;$$ ; begin;`;
  assert.equal(
    splitStatements(sql).map(({ start, end }) => sql.slice(start, end)),
    [`select ';' as "a;b"`, '$$;$$', 'begin'],
  );
  assert.equal(splitStatements(' -- nothing\n;'), []);
});

/** Text made of what SQL is made of, so that quotes and comments meet. */
const sqlLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...`select from where ' " $$ $a$ -- /* */ \\ ; ( ) [ ] , . :: := => = <> - + * / % # #t ? ! ~ @ & | ^ 1 1.5 .e E' '' "" \n \t a é 😀 \0 { } $1 $`.split(
          ' ',
        ),
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

test('any text: the tokens are the text, each begins where the last ended', () => {
  fc.assert(
    fc.property(sqlLike, (sql) => {
      const tokens = tokenize(sql);
      assert.is(tokens.map(({ text }) => text).join(''), sql);
      let at = 0;
      for (const token of tokens) {
        assert.is(token.start, at);
        assert.ok(token.end > token.start);
        at = token.end;
      }
    }),
    { numRuns: 1000 },
  );
});

test('what stands between statements changes none of them', () => {
  const texts = cases('accepted').map(({ sql }) => sql.replace(/;\s*$/, ''));
  const joined = texts.map((sql) => `\n-- ;\n${sql} /* ; */ ;`).join('');
  assert.equal(
    splitStatements(joined).map(({ start, end }) => joined.slice(start, end)),
    texts.flatMap((sql) => splitStatements(sql).map(({ start, end }) => sql.slice(start, end))),
  );
});

test.run();

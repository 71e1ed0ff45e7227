// GRANT, REVOKE and ALTER DEFAULT PRIVILEGES. https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html r_REVOKE.html
import type { QualifiedName } from '../tree/leaves.ts';
import type { Grant, GrantedObject, Grantee, Privilege } from '../tree/statement.ts';
import { columnList, name, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';
import { type } from './types.ts';

const objectPrivileges =
  'select insert update delete drop references create temporary temp usage execute alter share truncate assumerole'.split(' ');
const replaceable = ['function', 'external function', 'procedure', 'view'];
const systemPrivileges = [
  ...[
    'user',
    'schema',
    'table',
    'function',
    'procedure',
    'view',
    'model',
    'datashare',
    'library',
    'role',
    'masking policy',
    'rls policy',
    'template',
  ],
].flatMap((object) => ['create', 'drop', 'alter'].map((verb) => `${verb} ${object}`));
const wholePrivileges = [
  ...systemPrivileges,
  ...replaceable.map((object) => `create or replace ${object}`),
  ...[
    'alter default privileges',
    'truncate table',
    'access system table',
    'access catalog',
    'explain rls',
    'ignore rls',
    'explain masking',
  ],
  ...['vacuum', 'analyze', 'cancel', 'create model', 'attach rls policy', 'create rls policy', 'attach masking policy'],
]
  // The longer before the shorter that it begins with.
  .sort((a, b) => b.length - a.length)
  .map((words) => words.split(' '));

export function grant(reader: Reader): Grant {
  const start = reader.start;
  const kind = reader.expectOneOf('grant', 'revoke');
  if (kind === 'revoke' && !reader.accept('grant', 'option', 'for')) reader.accept('admin', 'option', 'for');
  const toWord = kind === 'grant' ? 'to' : 'from';
  if (reader.sees('role')) return rolesGiven(reader, start, kind, toWord);
  const privileges = reader.list(() => privilege(reader));
  const on = reader.accept('on') ? objects(reader) : reader.sees('for') ? scope(reader) : undefined;
  reader.expect(toWord);
  const grantees = recipients(reader, toWord);
  if (reader.accept('for')) reader.list(() => assumeFor(reader));
  if (kind === 'revoke') reader.acceptOneOf('cascade', 'restrict');
  return { kind, privileges, roles: [], ...(on && { on }), grantees, ...reader.since(start) };
}

function rolesGiven(reader: Reader, start: number, kind: Grant['kind'], toWord: string): Grant {
  const roles = reader.list(() => {
    reader.accept('role');
    return name(reader);
  });
  reader.expect(toWord);
  const grantees = recipients(reader, toWord);
  if (kind === 'revoke') reader.acceptOneOf('cascade', 'restrict');
  return { kind, privileges: [], roles, grantees, ...reader.since(start) };
}

function privilege(reader: Reader): Privilege {
  const start = reader.start;
  const of = (words: string): Privilege => ({ kind: 'privilege', words, ...reader.since(start) });
  const words = wholePrivileges.find((one) => reader.sees(...one));
  if (words) {
    reader.expect(...words);
    return of(words.join(' '));
  }
  if (reader.accept('all')) {
    reader.accept('privileges');
    return withColumns(reader, start, 'all');
  }
  const word = reader.acceptOneOf(...objectPrivileges) ?? reader.refuse('grant-words');
  return withColumns(reader, start, word);
}

function withColumns(reader: Reader, start: number, words: string): Privilege {
  const columns = reader.seesOperator('(') ? columnList(reader) : undefined;
  return { kind: 'privilege', words, ...(columns && { columns }), ...reader.since(start) };
}

const signed = ['function', 'procedure'];
const objectKinds = [
  'external table',
  'external schema',
  'table',
  'database',
  'schema',
  'function',
  'procedure',
  'language',
  'model',
  'datashare',
  'template',
  'copy job',
  'view',
];

function objects(reader: Reader): GrantedObject {
  const start = reader.start;
  const all = (['tables', 'functions', 'procedures', 'views'] as const).find((word) => reader.sees('all', word, 'in', 'schema'));
  if (all) {
    reader.expect('all', all, 'in', 'schema');
    return {
      kind: 'granted-object',
      what: `all ${all} in schema`,
      names: reader.list(() => qualifiedName(reader)),
      ...reader.since(start),
    };
  }
  if (reader.accept('all')) return { kind: 'granted-object', what: 'all roles', names: [], ...reader.since(start) };
  if (reader.accept('default')) return { kind: 'granted-object', what: 'default role', names: [], ...reader.since(start) };
  if (reader.peek().kind === 'string') {
    const names = reader.list(() => literal(reader));
    return { kind: 'granted-object', what: 'iam role', names, ...reader.since(start) };
  }
  const what = objectKinds.find((words) => reader.sees(...words.split(' ')));
  if (what) reader.expect(...what.split(' '));
  const names = reader.list(() => objectName(reader, signed.includes(what ?? '')));
  return { kind: 'granted-object', what: what ?? 'table', names, ...reader.since(start) };
}

/** `for tables in schema s database d`: what is there and what will be. */
function scope(reader: Reader): GrantedObject {
  const start = reader.start;
  reader.expect('for');
  const what = ['tables', 'schemas', 'functions', 'procedures', 'languages', 'copy jobs', 'templates'].find((words) =>
    reader.sees(...words.split(' ')),
  );
  if (!what) return reader.refuse('grant-words');
  reader.expect(...what.split(' '), 'in');
  const within = reader.expectOneOf('schema', 'database');
  const names = [qualifiedName(reader)];
  if (within === 'schema' && reader.accept('database')) names.push(qualifiedName(reader));
  return { kind: 'granted-object', what: `${what} in ${within}`, names, ...reader.since(start) };
}

function literal(reader: Reader): { kind: 'literal'; type: 'string'; value: string; start: number; end: number } {
  const { value, start, end } = reader.string();
  return { kind: 'literal', type: 'string', value, start, end };
}

/** `f(integer, varchar)`: the arguments' names may stand before their types. */
function objectName(reader: Reader, hasSignature: boolean): QualifiedName {
  const called = qualifiedName(reader);
  if (!hasSignature) return called;
  reader.expectOperator('(');
  while (!reader.acceptOperator(')')) {
    type(reader);
    if (!reader.seesOperator(',') && !reader.seesOperator(')')) type(reader);
    reader.acceptOperator(',');
  }
  return called;
}

/** The word TO may stand again before each. */
function recipients(reader: Reader, toWord: string): Grantee[] {
  const found = reader.list(() => {
    reader.accept(toWord);
    return grantee(reader);
  });
  withOption(reader);
  return found;
}

function withOption(reader: Reader): void {
  if (!reader.accept('with', 'grant', 'option')) reader.accept('with', 'admin', 'option');
}

function grantee(reader: Reader): Grantee {
  const start = reader.start;
  if (reader.accept('public')) return { kind: 'grantee', what: 'public', ...reader.since(start) };
  if (reader.accept('rls', 'policy')) return { kind: 'grantee', what: 'rls policy', name: name(reader), ...reader.since(start) };
  const text = reader.acceptOneOf('iam_role', 'namespace', 'account');
  if (text) {
    const called = literal(reader);
    if (text === 'account' && reader.accept('via')) reader.expect('data', 'catalog');
    return { kind: 'grantee', what: text, name: called, ...reader.since(start) };
  }
  const what = reader.acceptOneOf('group', 'role', 'user') ?? 'user';
  const called = name(reader);
  withOption(reader);
  return { kind: 'grantee', what, name: called, ...reader.since(start) };
}

const assumeFor = (reader: Reader): void => {
  if (reader.accept('external', 'function') || reader.accept('create', 'model')) return;
  reader.expectOneOf('all', 'copy', 'unload');
};

/** After `alter`. */
export function defaultPrivileges(reader: Reader, start: number): Grant {
  reader.expect('default', 'privileges');
  if (reader.accept('for')) {
    reader.accept('user');
    reader.list(() => name(reader));
  }
  if (reader.accept('in', 'schema')) reader.list(() => name(reader));
  const kind = reader.expectOneOf('grant', 'revoke');
  if (kind === 'revoke') reader.accept('grant', 'option', 'for');
  const privileges = reader.list(() => privilege(reader));
  const from = reader.start;
  reader.expect('on');
  const what = reader.expectOneOf('tables', 'functions', 'procedures', 'schemas');
  const on: GrantedObject = { kind: 'granted-object', what, names: [], ...reader.since(from) };
  const toWord = kind === 'grant' ? 'to' : 'from';
  reader.expect(toWord);
  const grantees = recipients(reader, toWord);
  if (kind === 'revoke') reader.acceptOneOf('cascade', 'restrict');
  return { kind, privileges, roles: [], on, grantees, ...reader.since(start) };
}

// Statements of which the grammar gives words and slots.
import type { Node, NodeOf } from '../../src/lint/redshift/index.ts';
import { type RoleKind, roleOf } from './grants.ts';
import type { Planner, Step } from './plan.ts';
import { shownSql } from './settings.ts';
import { quoted, text } from './translate/names.ts';
import { Untranslated } from './translate/pieces.ts';

type Command = NodeOf<'command'>;

const slots = ({ slots: all }: Command, label: string): readonly Node[] =>
  all.filter((slot) => slot.label === label).map(({ node }) => node);
const slot = (command: Command, label: string): Node | undefined => slots(command, label)[0];
const wordOf = (command: Command, label: string): string | undefined => {
  const node = slot(command, label);
  return node?.kind === 'word' ? node.value : undefined;
};
/** Refuses what the rule for the command does not look at. */
function only(command: Command, ...labels: readonly string[]): void {
  const other = command.slots.find(({ label }) => !labels.includes(label));
  if (other) throw new Untranslated(`${command.command.toUpperCase()} with '${other.label}'`, other.start);
}
const relations = (command: Command, label: string): NodeOf<'qualified-name'>[] =>
  slots(command, label).flatMap((node) => (node.kind === 'qualified-name' ? [node] : []));
const nameValue = (node: Node | undefined): string => {
  if (node?.kind === 'name') return node.value;
  return node?.kind === 'qualified-name' ? (node.parts.at(-1)?.value ?? '') : '';
};

/** `vacuum`, `analyze`: the table has to be there, and that is all. */
const looksAt = (command: Command, plan: Planner, tag: string): readonly Step[] =>
  relations(command, 'table')
    .map((name) => plan.run(`select 1 from ${plan.relation(name)} limit 0`, name.start))
    .concat(plan.answer('select 1 where false', command.start, tag));

function comment(command: Command, plan: Planner): readonly Step[] {
  only(command, 'what', 'object', 'part', 'text');
  const [what, object, said] = [wordOf(command, 'what'), slot(command, 'object'), slot(command, 'text')];
  if (object?.kind !== 'qualified-name') throw new Untranslated('COMMENT', command.start);
  const is = said?.kind === 'literal' && said.type === 'string' ? text(said.value) : 'null';
  const names = object.parts.map(({ value }) => value);
  const part = slot(command, 'part');
  if (part) names.push('value' in part ? String(part.value) : '');
  if (names.length > (what === 'column' ? 3 : 2)) names.shift();
  if (what !== 'table' && what !== 'view' && what !== 'column' && what !== 'schema')
    throw new Untranslated(`COMMENT ON ${what}`, command.start);
  return [plan.answer(`comment on ${what} ${names.map(quoted).join('.')} is ${is}`, object.start, 'COMMENT')];
}

function drop(command: Command, plan: Planner): readonly Step[] {
  only(command, 'if', 'name', 'behavior');
  const what = command.command.slice('drop '.length);
  const behavior = wordOf(command, 'behavior');
  const names = relations(command, 'name').map((name) => (what === 'schema' ? quoted(nameValue(name)) : plan.relation(name)));
  return [
    plan.answer(
      `drop ${what} ${slot(command, 'if') ? 'if exists ' : ''}${names.join(', ')}${behavior === undefined ? '' : ` ${behavior}`}`,
      slot(command, 'name')?.start ?? command.start,
      command.command.toUpperCase(),
    ),
  ];
}

function principal(command: Command, plan: Planner): readonly Step[] {
  const [verb = '', what = ''] = command.command.split(' ') as [string?, RoleKind?];
  const kind = what as RoleKind;
  only(command, 'name', 'if', 'user', ...(kind === 'user' ? ['password'] : []));
  const name = roleOf(plan, kind, nameValue(slot(command, 'name')));
  const tag = command.command.toUpperCase();
  if (verb === 'drop') return [plan.answer(`drop role ${slot(command, 'if') ? 'if exists ' : ''}${name}`, command.start, tag)];
  const members = slots(command, 'user').map((user) => roleOf(plan, 'user', nameValue(user)));
  return [
    plan.answer(`create role ${name}${kind === 'user' ? ' login' : ''}`, command.start, tag),
    ...members.map((member) => plan.run(`grant ${name} to ${member}`, command.start)),
  ];
}

export function commandSteps(command: Command, plan: Planner): readonly Step[] {
  switch (command.command) {
    case 'drop table':
    case 'drop view':
    case 'drop materialized view':
    case 'drop schema':
      return drop(command, plan);
    case 'create schema': {
      only(command, 'if', 'name', 'owner');
      const owner = slot(command, 'owner');
      return [
        plan.answer(
          `create schema ${slot(command, 'if') ? 'if not exists ' : ''}${quoted(nameValue(slot(command, 'name')))}${owner ? ` authorization ${roleOf(plan, 'user', nameValue(owner))}` : ''}`,
          command.start,
          'CREATE SCHEMA',
        ),
      ];
    }
    case 'truncate':
      return relations(command, 'table').map((name) => plan.answer(`truncate ${plan.relation(name)}`, name.start, 'TRUNCATE TABLE'));
    case 'vacuum':
      return looksAt(command, plan, 'VACUUM');
    case 'analyze':
      return looksAt(command, plan, 'ANALYZE');
    case 'lock':
      return [
        plan.answer(
          `lock table ${relations(command, 'table').map(plan.relation).join(', ')} in access exclusive mode`,
          command.start,
          'LOCK TABLE',
        ),
      ];
    case 'refresh materialized view':
      only(command, 'view');
      return relations(command, 'view').map((name) =>
        plan.answer(`refresh materialized view ${plan.relation(name)}`, name.start, 'REFRESH MATERIALIZED VIEW'),
      );
    case 'comment':
      return comment(command, plan);
    case 'create user':
    case 'create group':
    case 'create role':
    case 'drop user':
    case 'drop group':
    case 'drop role':
      return principal(command, plan);
    case 'show': {
      const parameter = slot(command, 'parameter');
      const name = nameValue(parameter).toLowerCase();
      return [plan.answer(`select ${shownSql(name, command.start)} as ${quoted(name)}`, command.start, 'SHOW')];
    }
    case 'reset': {
      const name = nameValue(slot(command, 'parameter')).toLowerCase();
      shownSql(name, command.start);
      return [plan.answer(`reset ${name === 'query_group' ? 'redshift.query_group' : name}`, command.start, 'RESET')];
    }
    default:
      throw new Untranslated(command.command.toUpperCase(), command.start);
  }
}

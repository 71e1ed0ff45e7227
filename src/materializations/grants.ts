// grants: who may do what with the relation. Of the privileges that the config names, exactly those that it lists have them
// when it is published; other privileges stay as they are. https://docs.getdbt.com/reference/resource-configs/grants
import type { Dialect } from '../adapters/dialect.ts';
import type { Grantee, Right } from '../adapters/rights.ts';
import { isMapping } from '../core/config-reader.ts';
import type { ModelNode, SeedNode, SnapshotNode } from '../core/node.ts';
import type { Step } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import type { Statement } from '../core/statement.ts';

type Granting = Pick<ModelNode | SeedNode | SnapshotNode, 'config' | 'relation' | 'name' | 'resource_type' | 'at'>;

/** By privilege, in lower case; empty where the warehouse has no users. */
export function grantsAsked(
  { config }: Pick<Granting, 'config'>,
  { grants }: Pick<Dialect, 'grants'>,
): ReadonlyMap<string, readonly string[]> {
  const asked = grants && isMapping(config.grants) ? Object.entries(config.grants) : [];
  return new Map(asked.map(([privilege, to]) => [privilege.trim().toLowerCase(), (Array.isArray(to) ? to : [to]).map(String)]));
}

const keyOf = ({ kind, name }: Grantee): string => `${kind}\0${name}`;
/** Not one right, but all there are: nothing names it among those that the relation has. */
const isAll = (privilege: string): boolean => /^all( privileges)?$/.test(privilege);

/** `rights`: those on the relation as it is published. */
export function grantSteps(node: Granting, rights: readonly Right[], dialect: Dialect): readonly Step[] {
  const { grants } = dialect;
  if (!grants) return [];
  return [...grantsAsked(node, dialect)].flatMap(([privilege, written]) => {
    const wanted = new Map(written.map((one) => grants.grantee(one)).map((one) => [keyOf(one), one]));
    const has = new Map(
      rights.flatMap((right) =>
        right.column === undefined && right.privilege === privilege ? [[keyOf(right.grantee), right.grantee]] : [],
      ),
    );
    const surplus = isAll(privilege) ? [] : without(has, wanted);
    const missing = without(wanted, has);
    return [
      ...(surplus.length === 0 ? [] : [step(grants.revoke(node.relation, privilege, surplus), node, dialect)]),
      ...(missing.length === 0 ? [] : [step(grants.grant(node.relation, privilege, missing), node, dialect)]),
    ];
  });
}

const without = (some: ReadonlyMap<string, Grantee>, others: ReadonlyMap<string, Grantee>): readonly Grantee[] =>
  [...some].flatMap(([key, grantee]) => (others.has(key) ? [] : [grantee]));

const step = (run: Statement, { name, resource_type, at }: Granting, { name: adapter }: Dialect): Step => ({
  run,
  refused: (message): Problem => ({
    code: 'grant-refused',
    at,
    message: `the grants of the ${resource_type} '${name}' cannot be carried out: ${message}`,
    hint: `Check the names and privileges under grants: in its config; who has no account in ${adapter} can be given nothing.`,
    detail: [run.shown],
  }),
});

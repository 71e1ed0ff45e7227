// `api.Relation`, and `adapter.Relation`: what makes relations in templates. https://docs.getdbt.com/reference/dbt-classes#relation
import type { HostObject } from '../template/types.ts';
import { EPHEMERAL_PREFIX, policyIn, RelationValue, relationKindOf } from './relation-value.ts';
import type { ProjectScope } from './types.ts';
import { hostFunction, hostObject } from './values.ts';

/** `api.Relation.create(database=…, schema=…, identifier=…, type=…)` */
export function relationClass(scope: Pick<ProjectScope, 'dialect'>): HostObject {
  const kinds = { Table: 'table', View: 'view', CTE: 'cte', MaterializedView: 'materialized_view', External: 'external' };
  return hostObject('Relation class', {
    ...kinds,
    get_relation_type: hostObject('relation types', kinds),
    scd_args: hostFunction('scd_args', (args) => {
      const key = args.need(0, 'primary_key');
      return [...(Array.isArray(key) ? key : [key]), args.need(1, 'updated_at')];
    }),
    add_ephemeral_prefix: hostFunction('add_ephemeral_prefix', (args) => `${EPHEMERAL_PREFIX}${args.needText(0, 'name')}`),
    create: hostFunction('create', (args) => {
      const kind = relationKindOf(args.text(3, 'type'));
      return new RelationValue(
        { database: args.text(0, 'database'), schema: args.text(1, 'schema'), identifier: args.text(2, 'identifier') },
        scope.dialect,
        kind,
        policyIn(args.named.get('include_policy')),
        policyIn(args.named.get('quote_policy')),
      );
    }),
  });
}

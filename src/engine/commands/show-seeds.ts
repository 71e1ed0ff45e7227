// seed --show: the first rows of each seed, as the warehouse has them once they are loaded.
import type { NodeResult } from '../../core/event.ts';
import { statement } from '../../core/statement.ts';
import { tableText } from '../../core/table-text.ts';
import type { Run } from '../run.ts';
import type { Slots } from '../slots.ts';

const ROWS = 10;

export async function showSeeds(run: Run, slots: Slots, results: readonly NodeResult[]): Promise<void> {
  for (const { node: id, status } of results) {
    const node = run.manifest.nodes.get(id);
    if (node?.resource_type !== 'seed' || status !== 'success') continue;
    const name = run.dialect.relationName(node.relation);
    const { columns, rows } = await slots.use(0, ({ connection }) => connection.run(statement(`select * from ${name} limit ${ROWS}`)));
    const table = tableText(
      columns.map((column) => column.name),
      rows,
    );
    run.emit({ type: 'output', text: `${[`Rows of ${name}:`, ...table].join('\n')}\n\n` });
  }
}

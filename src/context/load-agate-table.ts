// `load_agate_table`: the rows of a seed's file. https://docs.getdbt.com/reference/dbt-jinja-functions
import type { Callable, TemplateValue } from '../template/types.ts';
import { hostFunction, problemError } from './values.ts';

/** `table` reads the file; undefined: there is none. */
export const loadAgateTable = (table: (() => TemplateValue) | undefined): Callable =>
  hostFunction('load_agate_table', () => {
    if (table) return table();
    throw problemError({
      code: 'template-value',
      message: 'load_agate_table() has the rows of a seed’s file, and is called outside of a seed',
      hint: "Call it in a hook of the seed; elsewhere ask the warehouse: run_query('select * from ' ~ ref('…'))",
    });
  });

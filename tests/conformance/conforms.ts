// What every warehouse must do, told as small projects that are run through the engine. `conforms` registers one suite for
// each theme; a warehouse's own test file is one line.
import { suite } from 'uvu';
import { readable } from '../adapters/conformance.ts';
import { boundViews } from './bound-views.ts';
import { columnTypes } from './column-types.ts';
import { contracts } from './contracts.ts';
import { copies } from './copies.ts';
import { custom } from './custom.ts';
import { dataTests } from './data-tests.ts';
import { docs } from './docs.ts';
import { ephemeral } from './ephemeral.ts';
import { faults } from './faults.ts';
import { functions } from './functions.ts';
import { grants } from './grants.ts';
import { hookPlaces } from './hook-places.ts';
import { hooks } from './hooks.ts';
import { incremental } from './incremental.ts';
import { keysAndVersions } from './keys-and-versions.ts';
import { loads } from './loads.ts';
import { macroAnswers } from './macro-answers.ts';
import { microbatch } from './microbatch.ts';
import { models } from './models.ts';
import { names } from './names.ts';
import { persistDocs } from './persist-docs.ts';
import { queryComments } from './query-comment.ts';
import { reading } from './reading.ts';
import { seedFiles } from './seed-files.ts';
import { seeds } from './seeds.ts';
import { type Open, openShop, type Shop, type Theme } from './shop.ts';
import { snapshots } from './snapshots.ts';
import { storeFailures } from './store-failures.ts';
import { templates } from './templates.ts';
import { unitTestColumns } from './unit-test-columns.ts';
import { unitTests } from './unit-tests.ts';
import type { ConformanceWarehouse } from './warehouses.ts';
import { whatStands } from './what-stands.ts';

export const themes: Readonly<Record<string, Theme>> = {
  models,
  ephemeral,
  copies,
  'what stands there': whatStands,
  incremental,
  microbatch,
  custom,
  'bound views': boundViews,
  contracts,
  'column types': columnTypes,
  seeds,
  'seed files': seedFiles,
  snapshots,
  'keys and versions': keysAndVersions,
  names,
  hooks,
  'places of hooks': hookPlaces,
  'data tests': dataTests,
  store_failures: storeFailures,
  'unit tests': unitTests,
  'columns of unit tests': unitTestColumns,
  loads,
  templates,
  'answers of macros': macroAnswers,
  persist_docs: persistDocs,
  grants,
  functions,
  docs,
  reading,
  'query comments': queryComments,
  faults,
};

export function conforms(warehouse: ConformanceWarehouse, told = themes): void {
  for (const [theme, tell] of Object.entries(told)) {
    const test = suite(`${warehouse.name} conforms: ${theme}`);
    let count = 0;
    tell((title, body) => {
      count++;
      test(title, () => readable(withShops(warehouse, body)));
    }, warehouse);
    // Not every theme is for every warehouse.
    if (count > 0) test.run();
  }
}

/** What the scenario opened is closed when it has ended. */
async function withShops(warehouse: ConformanceWarehouse, body: (open: Open) => Promise<void>): Promise<void> {
  const opened: Shop[] = [];
  try {
    await body(async (files, options) => {
      const shop = await openShop(warehouse, files, options);
      opened.push(shop);
      return shop;
    });
  } finally {
    for (const shop of opened) await shop.close();
  }
  warehouse.follows?.();
}

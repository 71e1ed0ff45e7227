// Whole projects as a dbt user writes them, run by dwh on DuckDB and Postgres: statuses and tables are what dbt made of them
// (scripts/compare-with-dbt.ts --record keeps its answers).
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ENGINES, PROJECTS } from '../dbt-projects/steps.ts';
import { differences } from './compare.ts';
import { brief, fixtureFile, knownBy } from './comparison.ts';
import { byDwh, type Recorded } from './sides.ts';

const test = suite('dbt: whole projects');

for (const project of Object.keys(PROJECTS)) {
  for (const engine of ENGINES) {
    test(`${project} on ${engine}: statuses and tables are those of dbt`, async () => {
      const recorded: Recorded = JSON.parse(readFileSync(fixtureFile(project, engine), 'utf8'));
      assert.ok(recorded.steps.some(({ artifacts }) => JSON.stringify(artifacts).includes('"status":"success"')));
      const found = differences(project, engine, recorded, brief(await byDwh(project, engine)));
      assert.equal(
        found.filter((one) => knownBy(one) === undefined),
        [],
      );
    });
  }
}

test.run();

// Templates whose outputs real Jinja2 made (corpus.py): ours are equal, and what it refuses is refused.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError } from '../../src/core/problem.ts';
import { shared, withoutShared } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { rendered } from './support.ts';

interface Case {
  readonly group: string;
  readonly template: string;
  readonly output?: string;
  readonly error?: true;
}

const corpus = JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8')) as {
  readonly jinja2: string;
  readonly cases: readonly Case[];
};

function attempt(template: string): string | DwhError {
  try {
    return rendered(template);
  } catch (error) {
    if (error instanceof DwhError) return error;
    throw new Error(`${template} ended in no DwhError`, { cause: error });
  }
}

const test = suite(`template: as Jinja2 ${corpus.jinja2} renders it`);
for (const group of new Set(corpus.cases.map((one) => one.group))) {
  test(group, () => {
    for (const { template, output, error } of corpus.cases.filter((one) => one.group === group)) {
      const got = attempt(template);
      if (error) {
        assert.instance(got, DwhError, `${template} is refused`);
        if (got instanceof DwhError) assert.ok(got.problems[0].at, `the error of ${template} has a place`);
      } else assert.is(got instanceof DwhError ? `error: ${got.message}` : got, output, template);
    }
  });
}

const cases = shared('jinja', 'cases.json');
skipUnless(
  cases,
  withoutShared,
  test,
)('the shared vectors', () => {
  for (const { template, output } of JSON.parse(readFileSync(cases ?? '', 'utf8')) as readonly Case[])
    assert.is(attempt(template), output, template);
});

test.run();

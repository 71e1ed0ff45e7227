import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BUILTIN_PACKAGE } from '../../src/context/index.ts';
import { builtinFiles, builtinMacros } from '../../src/project/builtins.ts';
import { macrosOf, parseTemplate } from '../../src/template/index.ts';

const test = suite("project: dwh's own macros");

test('what is found by tags is what the parser finds', () => {
  const files = builtinFiles();
  const parsed = files.flatMap(({ file, text }) => macrosOf(parseTemplate(text, { file, package: BUILTIN_PACKAGE })));
  const found = builtinMacros(files);
  const plain = ({ name, kind, file, package: of, at, source, parameters }: (typeof found)[number]) => ({
    ...{ name, kind, file, of, at, source, parameters },
  });
  assert.ok(found.length > 200);
  assert.equal(found.map(plain), parsed.map(plain));
  for (const one of found) assert.is(one.code.name, one.name);
});

test.run();

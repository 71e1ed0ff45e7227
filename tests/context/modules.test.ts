// Python's modules as templates use them. Expected values are Python's own.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { datetimeValue, modulesValue } from '../../src/context/modules.ts';
import { textFunctions } from '../../src/context/text-functions.ts';
import { parseTemplate, renderNow } from '../../src/template/index.ts';
import { throws } from '../support/rejects.ts';

const test = suite('context: modules and plain functions');
const NOW = Date.UTC(2024, 1, 29, 13, 5, 7, 250);

function render(text: string): string {
  const names = new Map([['modules', modulesValue(NOW)] as const, ['run_started_at', datetimeValue(NOW)] as const]);
  const host = {
    resolve: (name: string) => names.get(name as 'modules') ?? (Object.hasOwn(textFunctions, name) ? textFunctions[name] : undefined),
    names: () => names.keys(),
  };
  return renderNow(parseTemplate(text, { file: 'a.sql', package: 'shop' }), host).text;
}

const CASES: readonly [string, string][] = [
  ['{{ run_started_at }}', '2024-02-29 13:05:07.250000+00:00'],
  [
    "{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f %j %a %A %b %B %p %I %y %U') }}",
    '2024-02-29 13:05:07.250000 060 Thu Thursday Feb February PM 01 24 %U',
  ],
  ["{{ run_started_at.strftime('%-d/%-m %V %G %u %w %%') }}", '29/2 09 2024 4 4 %'],
  ['{{ run_started_at.isoformat() }}', '2024-02-29T13:05:07.250000+00:00'],
  ['{{ run_started_at.date() }}', '2024-02-29'],
  ['{{ run_started_at.year }} {{ run_started_at.month }} {{ run_started_at.microsecond }}', '2024 2 250000'],
  ['{{ (run_started_at + modules.datetime.timedelta(days=1)).date() }}', '2024-03-01'],
  ['{{ run_started_at - modules.datetime.timedelta(hours=14) }}', '2024-02-28 23:05:07.250000+00:00'],
  ['{{ modules.datetime.date(2024, 3, 1) - modules.datetime.date(2024, 2, 1) }}', '29 days, 0:00:00'],
  ['{{ (modules.datetime.date(2024, 3, 1) - modules.datetime.date(2024, 2, 1)).days }}', '29'],
  ['{{ modules.datetime.timedelta(days=1, minutes=5).total_seconds() }}', '86700.0'],
  ['{{ modules.datetime.timedelta(hours=-1) }}', '-1 day, 23:00:00'],
  ["{{ modules.datetime.datetime.strptime('17/05/2023 09:30', '%d/%m/%Y %H:%M') }}", '2023-05-17 09:30:00'],
  ["{{ modules.datetime.datetime.strptime('05 Mar 99', '%d %b %y').date() }}", '1999-03-05'],
  ["{{ modules.datetime.datetime.fromisoformat('2024-01-02T03:04:05') }}", '2024-01-02 03:04:05'],
  ['{{ modules.datetime.datetime(2024, 1, 2, 3) < modules.datetime.datetime(2024, 1, 2, 4) }}', 'True'],
  ['{{ modules.datetime.datetime(2024, 1, 2).replace(day=5, hour=6) }}', '2024-01-05 06:00:00'],
  ['{{ modules.datetime.date(2024, 12, 30).isocalendar()[1] }}', '1'],
  ["{{ run_started_at.astimezone(modules.pytz.timezone('Europe/Berlin')) }}", '2024-02-29 14:05:07.250000+01:00'],
  [
    "{{ modules.datetime.datetime(2024, 7, 1, 12, microsecond=250, tzinfo=modules.pytz.timezone('America/New_York')) }}",
    '2024-07-01 12:00:00.000250-04:00',
  ],
  ['{{ modules.datetime.datetime(2024, 1, 1, 12, 0, 0, 0, modules.pytz.utc).isoformat() }}', '2024-01-01T12:00:00+00:00'],
  ["{{ modules.datetime.datetime(2024, 1, 1).replace(tzinfo=modules.pytz.timezone('Asia/Kolkata')) }}", '2024-01-01 00:00:00+05:30'],
  ["{{ run_started_at.astimezone(modules.pytz.timezone('Europe/Berlin')).replace(tzinfo=none) }}", '2024-02-29 14:05:07.250000'],
  [
    "{% set berlin = run_started_at.astimezone(modules.pytz.timezone('Europe/Berlin')) %}{{ modules.datetime.datetime(2024, 7, 1, tzinfo=berlin.tzinfo) }}",
    '2024-07-01 00:00:00+01:00',
  ],
  [
    "{{ modules.datetime.datetime.strptime('00:00:01.000250', '%H:%M:%S.%f').microsecond }} {{ modules.datetime.datetime.fromisoformat('2024-01-01 00:00:00.000007') }}",
    '250 2024-01-01 00:00:00.000007',
  ],
  ["{{ modules.pytz.timezone('America/New_York').localize(modules.datetime.datetime(2024, 7, 1, 12)) }}", '2024-07-01 12:00:00-04:00'],
  ["{{ modules.re.match('(?P<word>[a-z]+)(\\\\d+)', 'ab12').group('word') }}", 'ab'],
  ["{{ modules.re.match('b', 'ab') }}", 'None'],
  ["{{ modules.re.search('B', 'ab', modules.re.IGNORECASE).span() }}", '(1, 2)'],
  ["{{ modules.re.findall('[0-9]+', 'a1b22') }}", "['1', '22']"],
  ["{{ modules.re.findall('([a-z])([0-9])', 'a1b2') }}", "[('a', '1'), ('b', '2')]"],
  ["{{ modules.re.sub('([a-z])([0-9])', '\\\\2\\\\1', 'a1b2') }}", '1a2b'],
  ["{{ modules.re.sub('[0-9]', '#', 'a1b2', 1) }}", 'a#b2'],
  ["{{ modules.re.split(',\\\\s*', 'a, b,c') }}", "['a', 'b', 'c']"],
  ["{{ modules.re.compile('^a').match('abc') is not none }}", 'True'],
  ["{{ modules.re.fullmatch('a', 'ab') }}", 'None'],
  ["{{ modules.itertools.product([1, 2], ['a']) | list }}", "[(1, 'a'), (2, 'a')]"],
  ['{{ modules.itertools.combinations([1, 2, 3], 2) | list }}', '[(1, 2), (1, 3), (2, 3)]'],
  ['{{ modules.itertools.permutations([1, 2]) | list }}', '[(1, 2), (2, 1)]'],
  ['{{ modules.itertools.chain([1], [2, 3]) | list }}', '[1, 2, 3]'],
  ['{{ modules.itertools.chain.from_iterable([[1], [2]]) | list }}', '[1, 2]'],
  ["{{ tojson({'b': [1, none, true], 'a': 'é'}) }}", '{"b": [1, null, true], "a": "\\u00e9"}'],
  ["{{ tojson({'b': 1, 'a': 2}, sort_keys=true) }}", '{"a": 2, "b": 1}'],
  ['{{ fromjson(\'{"a": [1, 2.5]}\').a[1] }}', '2.5'],
  ["{{ fromjson('nope', 'fallback') }}", 'fallback'],
  ["{{ fromyaml('a: [1, yes]').a[0] }}", '1'],
  ["{{ toyaml({'a': 1}) }}", 'a: 1\n'],
  ["{{ toyaml({'a': [1, {'b': 'x'}]}) }}", 'a:\n- 1\n- b: x\n'],
  ['{{ set([3, 1, 3]) | list }}', '[3, 1]'],
  ["{{ zip([1, 2], ['a', 'b', 'c']) | list }}", "[(1, 'a'), (2, 'b')]"],
  ["{{ local_md5('abc') }}", '900150983cd24fb0d6963f7d28e17f72'],
];

for (const [template, expected] of CASES) {
  test(template, () => {
    assert.is(render(template), expected);
  });
}

test('what is no date, zone or pattern is an error at its place', () => {
  throws(() => render('{{ modules.datetime.date(2023, 2, 29) }}'), { code: 'template-arguments', message: /there is no 2023-02-29/ });
  throws(() => render("{{ modules.pytz.timezone('Mars/Olympus') }}"), { code: 'template-arguments', message: /Mars/ });
  throws(() => render("{{ modules.re.match('(', 'a') }}"), { code: 'template-arguments', message: /not a regular expression/ });
  throws(() => render("{{ modules.datetime.datetime.strptime('x', '%Y') }}"), {
    code: 'template-arguments',
    message: /does not have the form/,
  });
  throws(() => render('{{ modules.itertools.product(range(2000), range(2000)) }}'), { code: 'template-arguments', message: /more than/ });
  throws(() => render('{{ modules.os }}'), { code: 'undefined-name' });
});

test.run();

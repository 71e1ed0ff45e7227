// The keys of an ini file that are known, one value for each: which line counts when a key stands there twice, what nobody knows,
// and for each key a note of what became of it. Values that are wrong are not repeated: they may be somebody's password.
import type { Location } from '../../core/location.ts';
import { nearestName } from '../../core/nearest.ts';
import type { Problem } from '../../core/problem.ts';
import { isSecretKey } from '../../core/secret-names.ts';
import { type Ini, type IniEntry, readIni } from './ini.ts';

export interface KnownKeys {
  /** By section. configparser takes keys in any case; here sections, too. */
  readonly sections: Readonly<Record<string, readonly string[]>>;
  /** Keys whose values are not looked at. */
  readonly secrets: readonly string[];
}

/** What becomes of a key. */
export interface Told {
  /** undefined: the key is not in the file. */
  readonly line: number | undefined;
  readonly key: string;
  readonly what: string;
}

export interface CfgKeys {
  has(key: string): boolean;
  /** undefined: empty, or not there. */
  text(key: string): string | undefined;
  /** As `text`; a value of another form is a problem, and undefined. */
  matching(key: string, form: RegExp, what: string, hint: string): string | undefined;
  /** 'is empty' or 'is missing'. */
  lack(key: string): string;
  tell(key: string, what: string): void;
  refuse(key: string, message: string, hint: string): undefined;
  warn(key: string, message: string, hint: string): void;
  /** In the order of the file; behind them what is not in it. */
  told(): readonly Told[];
  readonly problems: readonly Problem[];
  /** Values that nobody may see. */
  readonly secrets: readonly string[];
}

/** `file`: what it is called where a place is told. */
export function cfgKeys(text: string, file: string, known: KnownKeys): CfgKeys {
  const ini = readIni(text);
  const problems: Problem[] = [];
  const told: Told[] = [];
  const at = (line: number, column = 1): Location => ({ file, line, column });
  const add = (severity: 'error' | 'warning', code: string, place: Location, message: string, hint: string): void =>
    void problems.push({ code, severity, at: place, message, hint });

  if (ini.sections.length === 0)
    add('error', 'cfg-invalid', at(1), `${file} is not a dwh.cfg: there is no [SECTION] in it`, 'Name the dwh.cfg of a course project.');
  else for (const { line, message, hint } of ini.mistakes) add('error', 'cfg-invalid', at(line), message, hint);

  const entries = new Map<string, IniEntry>();
  for (const entry of taken(ini)) {
    const key = entry.key.toUpperCase();
    const before = entries.get(key);
    if (before)
      add('warning', 'cfg-key', at(before.line), `${key} stands here and in line ${entry.line}, which counts`, 'Take one of them out.');
    entries.set(key, entry);
  }

  /** Those of `known`; of the others it is told what they may have been meant for. */
  function taken({ sections, entries: all }: Ini): readonly IniEntry[] {
    const names = Object.keys(known.sections);
    for (const { name, line } of sections) {
      if (names.includes(name.toUpperCase())) continue;
      const near = nearestName(name, names);
      add(
        'warning',
        'cfg-key',
        at(line),
        `[${name}] is not a section of dwh.cfg that dwh knows: nothing in it is used`,
        near === undefined ? `There are: ${names.join(', ')}` : `Did you mean [${near}]?`,
      );
    }
    return all.filter(({ section, key, line }) => {
      const keys = known.sections[section.toUpperCase()];
      if (keys === undefined || keys.includes(key.toUpperCase())) return keys !== undefined;
      const elsewhere = names.find((name) => known.sections[name]?.includes(key.toUpperCase()));
      const near = nearestName(key, keys);
      const hint =
        elsewhere !== undefined
          ? `It belongs under [${elsewhere}].`
          : near === undefined
            ? `There are: ${keys.join(', ')}`
            : `Did you mean ${near}?`;
      add('warning', 'cfg-key', at(line), `${key} is not a key of [${section}] that dwh knows: it is not used`, hint);
      return false;
    });
  }

  const place = (key: string): Location => {
    const entry = entries.get(key);
    return at(entry?.line ?? 1, entry?.column);
  };
  const refuse = (key: string, message: string, hint: string): undefined =>
    add('error', 'cfg-value', place(key), message, hint) as undefined;
  const textOf = (key: string): string | undefined => {
    const entry = entries.get(key);
    return entry === undefined || entry.value === '' ? undefined : entry.value;
  };
  for (const [key, { unclosed }] of entries)
    if (unclosed && !known.secrets.includes(key))
      refuse(key, `the quote before the value of ${key} does not end`, 'Put the same quote behind it, or write it without quotes.');
  return {
    has: (key) => entries.has(key),
    text: textOf,
    matching(key, form, what, hint) {
      const value = textOf(key);
      return value === undefined || form.test(value) ? value : refuse(key, `${key} is not ${what}`, hint);
    },
    lack: (key) => (entries.has(key) ? 'is empty' : 'is missing'),
    tell: (key, what) => void told.push({ line: entries.get(key)?.line, key, what }),
    refuse,
    warn: (key, message, hint) => add('warning', 'cfg-value', place(key), message, hint),
    told: () => [...told].sort((one, other) => (one.line ?? Infinity) - (other.line ?? Infinity) || 0),
    problems,
    secrets: ini.entries.flatMap(({ key, value, written }) =>
      known.secrets.includes(key.toUpperCase()) || isSecretKey(key) ? [value, written] : [],
    ),
  };
}

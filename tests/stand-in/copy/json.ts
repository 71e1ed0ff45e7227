// Objects of a JSON file, one behind the other, with their lines; numbers keep their text.
// https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html

export type Json = { readonly number: string } | string | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;
export interface Root {
  readonly line: number;
  readonly raw: string;
  /** undefined: no JSON, and `problem` says why. */
  readonly value: Json | undefined;
  readonly problem?: string;
}

class Reader {
  at = 0;
  constructor(readonly text: string) {}

  blanks(): void {
    while (/\s/.test(this.text.charAt(this.at)) && this.at < this.text.length) this.at++;
  }
  value(): Json {
    this.blanks();
    const char = this.text.charAt(this.at);
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char === '"') return this.string();
    const word = /^(true|false|null|-?\d+(\.\d+)?([eE][-+]?\d+)?)/.exec(this.text.slice(this.at, this.at + 400))?.[0];
    if (word === undefined) throw new Error('Invalid value');
    this.at += word.length;
    if (word === 'null') return null;
    return word === 'true' || word === 'false' ? word === 'true' : { number: word };
  }
  expect(char: string): void {
    this.blanks();
    if (this.text.charAt(this.at) !== char) throw new Error(`Missing '${char}'`);
    this.at++;
  }
  sees(char: string): boolean {
    this.blanks();
    return this.text.charAt(this.at) === char;
  }
  string(): string {
    const from = this.at++;
    while (this.at < this.text.length && this.text.charAt(this.at) !== '"') this.at += this.text.charAt(this.at) === '\\' ? 2 : 1;
    this.at++;
    return JSON.parse(this.text.slice(from, this.at)) as string;
  }
  array(): readonly Json[] {
    const items: Json[] = [];
    this.expect('[');
    if (this.sees(']')) this.at++;
    else
      for (;;) {
        items.push(this.value());
        if (!this.sees(',')) break;
        this.at++;
      }
    if (items.length > 0) this.expect(']');
    return items;
  }
  object(): ReadonlyMap<string, Json> {
    const entries = new Map<string, Json>();
    this.expect('{');
    if (this.sees('}')) {
      this.at++;
      return entries;
    }
    for (;;) {
      this.blanks();
      if (this.text.charAt(this.at) !== '"') throw new Error('Missing a name');
      const key = this.string();
      this.expect(':');
      entries.set(key, this.value());
      if (!this.sees(',')) break;
      this.at++;
    }
    this.expect('}');
    return entries;
  }
}

/** Behind what is no JSON, reading goes on in the next line. */
export function* rootsOf(text: string): Generator<Root> {
  const reader = new Reader(text);
  let line = 1;
  let counted = 0;
  for (reader.blanks(); reader.at < text.length; reader.blanks()) {
    const from = reader.at;
    for (; counted < from; counted++) if (text.charAt(counted) === '\n') line++;
    try {
      const value = reader.value();
      if (!(value instanceof Map) && !Array.isArray(value)) throw new Error('Invalid JSONPath format: Member is not an object.');
      yield { line, raw: text.slice(from, reader.at), value };
    } catch (error) {
      const end = text.indexOf('\n', from);
      reader.at = end < 0 ? text.length : end;
      yield { line, raw: text.slice(from, reader.at), value: undefined, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** What a column gets: objects and arrays as their JSON. */
export function fieldOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return 'number' in value ? value.number : jsonText(value);
}

export function jsonText(value: Json): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item as Json)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(jsonText).join(',')}]`;
  return (value as { readonly number: string }).number;
}

/** `$.a.b[0]` or `$['a']['b'][0]`; undefined: neither. */
export function pathSteps(path: string): readonly (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  const step = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/gy;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  return steps;
}

export function valueAt(root: Json, steps: readonly (string | number)[]): Json | undefined {
  return steps.reduce<Json | undefined>((value, step) => {
    if (value instanceof Map) return value.get(String(step)) as Json | undefined;
    return Array.isArray(value) && typeof step === 'number' ? (value[step] as Json | undefined) : undefined;
  }, root);
}

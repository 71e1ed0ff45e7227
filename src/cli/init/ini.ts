// Text of an ini file to its keys, as far as Python's configparser and dwh.cfg go: sections in brackets, 'KEY=value' or
// 'KEY: value', whole-line comments with # and ;. Quotes around a value, which configparser keeps, are taken off, and so are
// comments behind a value. What a line says is never repeated in a mistake: it may be a password.
// https://docs.python.org/3/library/configparser.html#supported-ini-file-structure

export interface IniEntry {
  /** As written. */
  readonly section: string;
  readonly key: string;
  /** Without quotes, and without a comment behind it. */
  readonly value: string;
  /** All that stands behind the separator. */
  readonly written: string;
  readonly line: number;
  /** Of the value, from 1. */
  readonly column: number;
  /** A quote that does not end. */
  readonly unclosed?: true;
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
}

export interface IniMistake {
  readonly line: number;
  readonly message: string;
  readonly hint: string;
}

export interface Ini {
  readonly entries: readonly IniEntry[];
  /** In the order of the file; one that stands there twice is there twice. */
  readonly sections: readonly IniSection[];
  readonly mistakes: readonly IniMistake[];
}

/** `undefined`: a quote does not end. */
function unquoted(written: string): string | undefined {
  const quoted = /^(['"])(.*?)\1\s*(?:[#;].*)?$/.exec(written);
  if (quoted) return (quoted[2] ?? '').trim();
  return /^['"]/.test(written) ? undefined : written.replace(/(?:^|\s)[#;].*$/, '').trimEnd();
}

export function readIni(text: string): Ini {
  const entries: IniEntry[] = [];
  const sections: IniSection[] = [];
  const mistakes: IniMistake[] = [];
  const mistake = (line: number, message: string, hint: string): void => void mistakes.push({ line, message, hint });
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    const section = /^\[([^\]]+)\]\s*(?:[#;].*)?$/.exec(content)?.[1]?.trim();
    if (section) {
      sections.push({ name: section, line });
      continue;
    }
    const separator = content.search(/[=:]/);
    const key = content.slice(0, Math.max(0, separator)).trimEnd();
    const here = sections.at(-1)?.name;
    if (!/^[\w.-]+$/.test(key))
      mistake(line, 'this line is neither a [SECTION] nor KEY=value nor a comment', 'Correct it, or put a # before it.');
    else if (here === undefined)
      mistake(line, 'this line stands before the first [SECTION]', 'Put the section that it belongs to above it, like [CLUSTER].');
    else {
      const behind = content.slice(separator + 1);
      const written = behind.trimStart();
      const value = unquoted(written);
      entries.push({
        section: here,
        key,
        value: value ?? '',
        written,
        line,
        column: raw.indexOf(content) + separator + behind.length - written.length + 2,
        ...(value === undefined && { unclosed: true }),
      });
    }
  }
  return { entries, sections, mistakes };
}

// TypeScript source as the architecture test needs it: code without comments and literals, and what a file imports.

const beforeRegex = /(?:^|[({[,;:=!&|?+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))$/;

/** The code with every comment, string, template text and regular expression blanked; lines stay where they are. */
export function codeOnly(text: string): string {
  let out = '';
  let at = 0;
  /** Depths of `{` at which a template's `${` was opened. */
  const templates: number[] = [];
  let depth = 0;
  const blank = (to: number): void => {
    out += text.slice(at, to).replaceAll(/[^\n]/g, ' ');
    at = to;
  };
  const endOfTemplateText = (from: number): number => {
    for (let i = from; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === '`') return i + 1;
      else if (text[i] === '$' && text[i + 1] === '{') return i;
    }
    return text.length;
  };
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const char = text[at] ?? '';
    if (rest === '//') blank(indexOr(text.indexOf('\n', at), text.length));
    else if (rest === '/*') blank(indexOr(text.indexOf('*/', at + 2), text.length - 2) + 2);
    else if (char === "'" || char === '"') blank(endOfQuoted(text, at));
    else if (char === '/' && beforeRegex.test(out.trimEnd().slice(-12))) blank(endOfRegex(text, at));
    else if (char === '`') blank(endOfTemplateText(at + 1));
    else if (rest === '${') {
      templates.push(depth++);
      blank(at + 2);
    } else if (char === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop() ?? 0;
      blank(endOfTemplateText(at + 1));
    } else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      out += char;
      at++;
    }
  }
  return out;
}

const indexOr = (index: number, otherwise: number): number => (index < 0 ? otherwise : index);

function endOfQuoted(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[start] || text[i] === '\n') return i + 1;
  }
  return text.length;
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i + 1;
  }
  return start + 1;
}

/** Every module that a file names in an import, an export … from, an import() or an import type. */
export function importsOf(text: string): string[] {
  const code = codeOnly(text);
  const found: string[] = [];
  for (const match of code.matchAll(/\b(?:from|import)\b/g)) {
    const literal = /^\s*\(?\s*(['"])([^'"\n]+)\1/.exec(text.slice(match.index + match[0].length));
    if (literal?.[2] !== undefined) found.push(literal[2]);
  }
  return found;
}

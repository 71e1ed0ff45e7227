// .dbtignore: gitignore's patterns, for files that a project keeps beside its own and does not want read.
// https://git-scm.com/docs/gitignore#_pattern_format

/** True: the path (relative to the project, forward slashes) is not to be read. */
export type Ignored = (path: string) => boolean;

export function ignoredBy(text: string): Ignored {
  const rules = text.split(/\r?\n/).flatMap((line) => {
    const trimmed = line.replace(/(?<!\\) +$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const negated = trimmed.startsWith('!');
    return [{ negated, pattern: patternOf(negated ? trimmed.slice(1) : trimmed) }];
  });
  if (rules.length === 0) return () => false;
  return (path) => {
    let ignored = false;
    for (const rule of rules) if (rule.negated === ignored && rule.pattern.test(path)) ignored = !rule.negated;
    return ignored;
  };
}

/** Matches the path itself or, for a folder, everything below it. */
function patternOf(written: string): RegExp {
  const folderOnly = written.endsWith('/');
  const body = written.replace(/\/$/, '');
  const anchored = body.includes('/');
  const source = body
    .replace(/^\//, '')
    .replace(/\\(.)|\/\*\*\/|\*\*\/|\/\*\*|\*|\?|\[!?[^\]]*\]|[.+^${}()|\]\\]/g, (part, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      if (part === '/**/') return '/(?:.*/)?';
      if (part === '**/') return '(?:.*/)?';
      if (part === '/**') return '/.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (part.startsWith('[')) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
      return `\\${part}`;
    });
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}${folderOnly ? '/.' : '(?:/|$)'}`);
}

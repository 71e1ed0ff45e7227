// The statements of statements/*.sql: cases between blank lines, under headers `-- # class` or `-- # rule`.
import { readFileSync } from 'node:fs';
import { check, type Finding } from '../../../src/lint/redshift/index.ts';

export interface Case {
  readonly header: string;
  readonly sql: string;
}

/** 'others': written apart from the rules, in other shapes, to see that the rules are not made for their own cases. */
export function cases(kind: 'accepted' | 'refused' | 'others-accepted' | 'others-refused'): Case[] {
  const text = readFileSync(new URL(`statements/${kind}.sql`, import.meta.url), 'utf8');
  let header = '';
  return text.split('\n\n').flatMap((block) => {
    const lines = block.split('\n');
    if (lines[0]?.startsWith('-- # ')) header = lines.shift()?.slice('-- # '.length) ?? '';
    const sql = lines.join('\n').trim();
    return sql === '' ? [] : [{ header, sql }];
  });
}

/** The first error of the text, whichever statement it is in. */
export const firstError = (sql: string): Finding | undefined =>
  check(sql)
    .flatMap(({ findings }) => findings)
    .find(({ severity }) => severity === 'error');

export const shown = (finding: Finding | undefined): string =>
  finding ? `${finding.rule} at ${finding.line}:${finding.column}: ${finding.says}` : 'accepted';

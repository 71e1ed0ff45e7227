// Findings that have a repair → the text with it. Again, until nothing is left that could be repaired: what stood behind the first
// refusal of a statement is seen only then.
import type { LintedStatement } from '../linter.ts';
import type { Edit, Finding } from '../redshift/finding.ts';

export interface Repaired {
  readonly text: string;
  /** In the order in which they were made. */
  readonly made: readonly Finding[];
}

/** Deeper nesting of what is repaired than anyone writes. */
const MOST_ROUNDS = 50;

/** The edits of one finding are made together, and only where no other edit touches them; `made` are those findings. */
export function chosenEdits(findings: readonly Finding[]): { readonly edits: readonly Edit[]; readonly made: readonly Finding[] } {
  const edits: Edit[] = [];
  const made: Finding[] = [];
  for (const finding of findings) {
    const own = finding.repair?.edits ?? [];
    if (own.length === 0 || own.some((one) => edits.some((other) => one.start < other.end && other.start < one.end))) continue;
    edits.push(...own);
    made.push(finding);
  }
  return { edits, made };
}

export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

export async function repaired(text: string, lint: (sql: string) => Promise<readonly LintedStatement[]>): Promise<Repaired> {
  const all: Finding[] = [];
  let now = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { edits, made } = chosenEdits((await lint(now)).flatMap(({ findings }) => findings));
    if (made.length === 0) break;
    all.push(...made);
    now = edited(now, edits);
  }
  return { text: now, made: all };
}

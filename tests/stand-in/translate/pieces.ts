// What a translation is made of: text of our own, nodes of the tree, and what stands between nodes in the source.
import { isTrivia, type Node, type Token } from '../../../src/lint/redshift/index.ts';

/** Words and signs between two nodes. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}
export type Piece = string | Node | Gap | readonly Piece[];

/** The stand-in knows the statement to be Redshift's, and does not know how to run it. */
export class Untranslated extends Error {
  constructor(
    readonly what: string,
    /** UTF-16 units from the beginning of the text. */
    readonly at: number,
  ) {
    super(`the stand-in does not translate ${what}`);
  }
}

/** Text for Postgres that knows from where in the source each part of it comes. */
export class Translated {
  #text = '';
  readonly #places: { readonly to: number; readonly from: number; readonly length: number }[] = [];

  get text(): string {
    return this.#text;
  }

  /** `length` is 0 for a text that has no counterpart: all of it comes from one place. */
  add(text: string, from: number, length = 0): void {
    this.#places.push({ to: this.#text.length, from, length });
    this.#text += text;
  }

  /** From code points of the text, beginning with 1, to UTF-16 units of the source. */
  sourceOf(position: number): number {
    let unit = 0;
    for (let count = 1; count < position && unit < this.#text.length; count++) unit += (this.#text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    const place = this.#places.findLast(({ to }) => to <= unit);
    return place ? place.from + Math.min(unit - place.to, place.length) : 0;
  }
}

export interface Source {
  readonly sql: string;
  readonly tokens: readonly Token[];
}

/** Index of the first token that begins at the offset or behind it. */
function tokenAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A literal or a name in a gap is one that no node stands for: it is refused. */
export function writeGap({ tokens }: Source, { from, to }: Gap, out: Translated): void {
  let blank = false;
  for (let index = tokenAt(tokens, from); index < tokens.length; index++) {
    const token = tokens[index];
    if (!token || token.start >= to) break;
    if (isTrivia(token)) {
      if (!blank) out.add(' ', token.start);
      blank = true;
      continue;
    }
    if (token.kind !== 'word' && token.kind !== 'operator') throw new Untranslated(`'${token.text}'`, token.start);
    blank = false;
    out.add(token.text, token.start, token.text.length);
  }
}

export const isGap = (piece: Piece): piece is Gap => typeof piece === 'object' && !Array.isArray(piece) && !('kind' in piece);

// What a template has printed so far, and where each piece of it came from.
import type { Location } from '../core/location.ts';
import { checkTextLength } from './limits.ts';
import type { Source } from './source.ts';
import type { LineMap } from './types.ts';

export class Output {
  text = '';

  /** Text of the template itself. */
  data(piece: string, _offset: number): void {
    this.text += piece;
  }

  /** What an expression gave. */
  value(piece: string, _offset: number): void {
    this.text += piece;
    checkTextLength(this.text.length);
  }
}

/** The output of the outermost template: its pieces are remembered. */
export class MappedOutput extends Output implements LineMap {
  readonly #source: Source;
  /** Three numbers a piece: where it starts in the output, where in the template, and 1 when it maps character by character. */
  readonly #pieces: number[] = [];

  constructor(source: Source) {
    super();
    this.#source = source;
  }

  override data(piece: string, offset: number): void {
    this.#pieces.push(this.text.length, offset, 1);
    super.data(piece, offset);
  }

  override value(piece: string, offset: number): void {
    this.#pieces.push(this.text.length, offset, 0);
    super.value(piece, offset);
  }

  locate(offset: number): Location {
    let low = 0;
    let high = this.#pieces.length / 3 - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#pieces[middle * 3] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const [start = 0, template = 0, linear = 0] = this.#pieces.slice(low * 3, low * 3 + 3);
    return this.#source.locate(linear === 1 ? template + Math.max(0, Math.min(offset, this.text.length) - start) : template);
  }
}

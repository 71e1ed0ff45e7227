// The text of a template and where it stands in a file: offsets in, places out.
import type { Location } from '../core/location.ts';

export interface Place {
  readonly file: string;
  /** The package that the file belongs to: '' when there is none. */
  readonly package: string;
  /** Where the text's first character stands; default: line 1, column 1 of the file. */
  readonly at?: Location;
}

/** Line ends are \n: the parser normalises them, as Jinja2 does. */
export class Source {
  readonly file: string;
  readonly package: string;
  readonly #first: Location;
  #lineStarts: readonly number[] | undefined;

  constructor(
    readonly text: string,
    place: Place,
  ) {
    this.file = place.file;
    this.package = place.package;
    this.#first = place.at ?? { file: place.file, line: 1, column: 1 };
  }

  locate(offset: number): Location {
    this.#lineStarts ??= lineStartsOf(this.text);
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - (starts[low] ?? 0) + 1;
    return { file: this.file, line: this.#first.line + low, column: low === 0 ? this.#first.column + column - 1 : column };
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

// The rows of Connection.copyIn as COPY reads them: CSV cannot tell NULL from an empty text there, so a word that no value has
// stands for NULL. Cut into parts of whole rows.

const [quote, comma, lf] = [0x22, 0x2c, 0x0a];

export interface Part {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** Parts of `size` bytes or a little more; none when there are no rows. */
export async function* markedParts(chunks: AsyncIterable<Uint8Array>, mark: string, size: number): AsyncGenerator<Part, void> {
  const marked = Buffer.from(mark);
  let pieces: Buffer[] = [];
  let [length, rows] = [0, 0];
  let quoted = false;
  /** Nothing of the value has come yet. */
  let starts = true;
  const take = (): Part => {
    const part = { bytes: Buffer.concat(pieces), rows };
    [pieces, length, rows] = [[], 0, 0];
    return part;
  };
  const add = (piece: Buffer): void => {
    if (piece.length === 0) return;
    pieces.push(piece);
    length += piece.length;
  };
  for await (const chunk of chunks) {
    // The chunk's memory may be used again for the next one.
    const bytes = Buffer.from(chunk);
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        quoted = !quoted;
        starts = false;
      } else if (quoted || (byte !== comma && byte !== lf)) starts = false;
      else {
        if (starts) {
          add(bytes.subarray(from, at));
          add(marked);
          from = at;
        }
        starts = true;
        if (byte !== lf) continue;
        rows++;
        if (length + at + 1 - from < size) continue;
        add(bytes.subarray(from, at + 1));
        from = at + 1;
        yield take();
      }
    }
    add(bytes.subarray(from));
  }
  if (length > 0) yield take();
}

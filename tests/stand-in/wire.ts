// Postgres' wire protocol, version 3, as much of it as a server in the middle reads and writes.
// https://www.postgresql.org/docs/current/protocol-message-formats.html

export interface Message {
  /** One letter. */
  readonly type: string;
  readonly body: Buffer;
}

/** Splits a stream into messages; the first one of a session has no letter. */
export class Messages {
  #rest: Buffer = Buffer.alloc(0);
  #startup: boolean;
  constructor(hasStartup: boolean) {
    this.#startup = hasStartup;
  }

  /** A startup packet comes as type ''. */
  push(chunk: Buffer): Message[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const found: Message[] = [];
    for (;;) {
      const head = this.#startup ? 0 : 1;
      if (this.#rest.length < head + 4) return found;
      const length = this.#rest.readInt32BE(head);
      if (this.#rest.length < head + length) return found;
      const type = this.#startup ? '' : this.#rest.toString('latin1', 0, 1);
      const body = this.#rest.subarray(head + 4, head + length);
      this.#rest = this.#rest.subarray(head + length);
      // Before the startup packet a client may ask for TLS.
      if (this.#startup && !(body.length === 4 && body.readInt32BE(0) === SSL_REQUEST)) this.#startup = false;
      found.push({ type, body });
    }
  }
}

export const SSL_REQUEST = 80_877_103;
export const CANCEL_REQUEST = 80_877_102;
export const PROTOCOL_3 = 196_608;

export function encode({ type, body }: Message): Buffer {
  const head = Buffer.alloc(type.length + 4);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, body]);
}

export const cstring = (text: string): Buffer => Buffer.from(`${text}\0`);
export const message = (type: string, ...parts: readonly Buffer[]): Message => ({ type, body: Buffer.concat(parts) });
const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const int16 = (value: number): Buffer => {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
};

export const ready = (status: 'I' | 'T' | 'E'): Message => message('Z', Buffer.from(status));
export const commandComplete = (tag: string): Message => message('C', cstring(tag));
export const emptyQuery = (): Message => message('I');
export const authenticationOk = (): Message => message('R', int32(0));
export const askPassword = (): Message => message('R', int32(3));
/** Of users whose password is kept as sha256: node-postgres does not know this one. */
export const askDigest = (): Message => message('R', int32(13));
export const parameterStatus = (name: string, value: string): Message => message('S', cstring(name), cstring(value));
export const backendKey = (pid: number, secret: Buffer): Message => message('K', int32(pid), secret);

export interface ServerError {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string;
  /** From 1, in characters of the statement. */
  readonly position?: number;
  readonly severity?: 'ERROR' | 'FATAL';
}

export function errorResponse({ sqlstate, message: text, detail, position, severity = 'ERROR' }: ServerError): Message {
  const fields: [string, string][] = [
    ['S', severity],
    ['C', sqlstate],
    ['M', text],
  ];
  if (detail !== undefined) fields.push(['D', detail]);
  if (position !== undefined) fields.push(['P', String(position)]);
  return message('E', ...fields.map(([code, value]) => Buffer.concat([Buffer.from(code), cstring(value)])), Buffer.from([0]));
}

export const notice = (text: string): Message =>
  message(
    'N',
    ...[
      ['S', 'INFO'],
      ['C', '00000'],
      ['M', text],
    ].map(([code = '', value = '']) => Buffer.concat([Buffer.from(code), cstring(value)])),
    Buffer.from([0]),
  );

/** Of an error or a notice, by their letters. */
export function fieldsOf({ body }: Message): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const end = body.indexOf(0, at + 1);
    fields.set(body.toString('latin1', at, at + 1), body.toString('utf8', at + 1, end));
    at = end + 1;
  }
  return fields;
}

/** Values of a DataRow as text. */
export function valuesOf({ body }: Message): readonly (string | null)[] {
  const values: (string | null)[] = [];
  let at = 2;
  for (let count = body.readInt16BE(0); count > 0; count--) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) values.push(null);
    else {
      values.push(body.toString('utf8', at, at + length));
      at += length;
    }
  }
  return values;
}

/** A result of text columns: what the stand-in answers by itself. */
export function textResult(names: readonly string[], rows: readonly (readonly (string | null)[])[], tag: string): readonly Message[] {
  const TEXT = 25;
  const description = message(
    'T',
    int16(names.length),
    ...names.map((name) => Buffer.concat([cstring(name), int32(0), int16(0), int32(TEXT), int16(-1), int32(-1), int16(0)])),
  );
  const data = rows.map((row) =>
    message(
      'D',
      int16(row.length),
      ...row.map((value) => (value === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]))),
    ),
  );
  return [description, ...data, commandComplete(tag)];
}

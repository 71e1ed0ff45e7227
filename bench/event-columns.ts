// The table that Sparkify's event log is loaded into, as the project at the top level declares it.
export const eventColumns: readonly { readonly name: string; readonly key: string; readonly type: string }[] = [
  { name: 'artist', key: 'artist', type: 'varchar' },
  { name: 'auth', key: 'auth', type: 'varchar' },
  { name: 'first_name', key: 'firstName', type: 'varchar' },
  { name: 'gender', key: 'gender', type: 'varchar' },
  { name: 'item_in_session', key: 'itemInSession', type: 'integer' },
  { name: 'last_name', key: 'lastName', type: 'varchar' },
  { name: 'length', key: 'length', type: 'double' },
  { name: 'level', key: 'level', type: 'varchar' },
  { name: 'location', key: 'location', type: 'varchar' },
  { name: 'method', key: 'method', type: 'varchar' },
  { name: 'page', key: 'page', type: 'varchar' },
  { name: 'registration', key: 'registration', type: 'double' },
  { name: 'session_id', key: 'sessionId', type: 'integer' },
  { name: 'song', key: 'song', type: 'varchar' },
  { name: 'status', key: 'status', type: 'integer' },
  { name: 'ts', key: 'ts', type: 'bigint' },
  { name: 'user_agent', key: 'userAgent', type: 'varchar' },
  { name: 'user_id', key: 'userId', type: 'varchar' },
];

/** As COPY … (format csv) takes it. */
export const csvField = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value);

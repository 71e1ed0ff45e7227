// What a statement came to, as dbt's AdapterResponse.
import { text } from '../template/index.ts';
import type { HostObject, TemplateValue } from '../template/types.ts';
import { hostObject } from './values.ts';

export interface Response {
  readonly message: string;
  /** dbt's code: 'OK', 'SELECT'. */
  readonly word: string | null;
  readonly rows: number | null;
}

export const responseValue = ({ message, word: code, rows }: Response): HostObject =>
  hostObject('response', { code, rows_affected: rows, _message: message }, { toText: () => message });

/** Of whatever a macro hands over as one. */
export function responseOf(value: TemplateValue): Response {
  const member = (name: string): TemplateValue =>
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'host' ? (value.get(name) ?? null) : null;
  const [word, rows] = [member('code'), member('rows_affected')];
  return {
    message: value === null ? '' : text(value),
    word: typeof word === 'string' ? word : null,
    rows: typeof rows === 'number' ? rows : null,
  };
}

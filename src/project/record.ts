// Rendering a node's text while parsing: what it refs, which configs it sets, which macros it calls.
import { parsingHost } from '../context/index.ts';
import type { ParsingSubject, ProjectScope, Recorded } from '../context/types.ts';
import type { Location } from '../core/location.ts';
import type { FunctionCall, RefCall, SourceCall } from '../core/node.ts';
import { DwhError } from '../core/problem.ts';
import { parseTemplate, renderNow } from '../template/index.ts';
import type { Host, TemplateValue } from '../template/types.ts';
import { printsOnly } from './harmless.ts';
import { plainMapping } from './plain-data.ts';
import type { ReadLog } from './reads.ts';
import { hasJinja } from './render-text.ts';

export interface Calls {
  readonly refs: readonly RefCall[];
  readonly sources: readonly SourceCall[];
  readonly functions: readonly FunctionCall[];
  /** The keyword arguments of each config() call, in order. */
  readonly configs: readonly Readonly<Record<string, unknown>>[];
  /** All that were reached, and those that the text itself calls: unique ids. */
  readonly macros: readonly string[];
  readonly called: readonly string[];
}

export const NO_CALLS: Calls = { refs: [], sources: [], functions: [], configs: [], macros: [], called: [] };

/** A text to render; `more` are names that this text sees besides. `file` is where problems point. */
export interface NodeText {
  readonly text: string;
  readonly file: string;
  /** Where it stands in the file; default: all of the file is the text. */
  readonly at?: Location;
  readonly more?: (host: Host) => Readonly<Record<string, TemplateValue>>;
}

/** Throws DwhError. */
export type RecordNode = (subject: ParsingSubject, texts: readonly NodeText[]) => Calls;

export interface Recording {
  readonly log: ReadLog;
  /** The text of a macro, by unique_id. */
  readonly macroText: (id: string) => string;
  /** Names whose answer changes from run to run. */
  readonly changing: ReadonlySet<string>;
}

export const recorder =
  (scope: ProjectScope, { log, macroText, changing }: Recording): RecordNode =>
  (subject, texts) => {
    const live = texts.filter(({ text, more }) => hasJinja(text) || more);
    if (live.length === 0) return NO_CALLS;
    const make = (): Calls => {
      const { host, recorded } = parsingHost(scope, subject);
      for (const { text, file, at, more } of live) {
        const own = more?.(host);
        const template = parseTemplate(text, { file, package: subject.package_name, ...(at && { at }) });
        try {
          renderNow(template, own ? withNames(host, own) : host);
        } catch (error) {
          // What is disabled is asked for by nobody: it may need a var or a macro that is not there.
          if (!(error instanceof DwhError) || !isDisabled(subject, recorded)) throw error;
        }
      }
      return { ...recorded, configs: recorded.configs.map(plainMapping), macros: [...recorded.macros], called: [...recorded.called] };
    };
    const harmless = (name: string, { macros }: Calls): boolean =>
      live.every(({ text, more }) => !more && printsOnly(text, name, changing)) &&
      !macros.some((id) => new RegExp(`\\b${name}\\b`).test(macroText(id)));
    return log.during(make, harmless).value;
  };

function isDisabled({ baseConfig }: ParsingSubject, { configs }: Recorded): boolean {
  const said = [baseConfig, ...configs.map(plainMapping)].map(({ enabled }) => enabled).filter((enabled) => enabled !== undefined);
  return said.at(-1) === false;
}

export const withNames = (host: Host, names: Readonly<Record<string, TemplateValue>>): Host => ({
  resolve: (name, from) => (Object.hasOwn(names, name) ? names[name] : host.resolve(name, from)),
  *names(from) {
    yield* Object.keys(names);
    yield* host.names(from);
  },
});

// An AWS of our own: one endpoint that speaks the protocols of the services that dwh asks (query, EC2's query, JSON 1.1, S3's
// REST). Requests come over HTTP, or straight from a client of the SDK in this process. What it does not know it refuses, so
// that no test passes by accident.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { ec2 } from './ec2.ts';
import { iam, sts } from './iam.ts';
import { type Params, params, text, xml } from './query.ts';
import { redshift } from './redshift.ts';
import { type RestAnswer, type RestRequest, s3, s3Action } from './s3.ts';
import { serverless } from './serverless.ts';
import { AwsFault, type Durations, World } from './world.ts';

type Service = 'redshift' | 'iam' | 'sts' | 'ec2' | 'redshift-serverless' | 's3';

export interface Call {
  readonly service: Service;
  readonly action: string;
}

/** Instead of its answer: an error; or a connection that is cut, before or after it was done; or, once done, nothing. */
export type Fault = AwsFault | 'lost-before' | 'lost-after' | 'silent';

/** Instead of an answer to a process that has ended. */
export class Killed extends Error {}

const VERSIONS: Readonly<Record<string, Service>> = {
  '2012-12-01': 'redshift',
  '2010-05-08': 'iam',
  '2011-06-15': 'sts',
  '2016-11-15': 'ec2',
};

/** Whether it only looks. */
export const isQuestion = ({ action }: Call): boolean => /^(?:Get|Describe|List|Head)/.test(action);

export class FakeAws {
  world: World;
  /** 'iam CreateRole', in order. */
  readonly calls: string[] = [];
  fault: (call: Call) => Fault | undefined = () => undefined;
  /** The asking process ends at one of its requests that change something, counted from 1: before it, or when it is done. */
  death: { readonly at: number; readonly done: boolean } | undefined;
  #changes = 0;
  /** By how much time goes on with each request. */
  perRequestMs = 200;
  #server: Server | undefined;

  constructor(takes?: Durations) {
    this.world = new World(takes);
  }

  /** Another AWS, with nothing in it, for the same clients. */
  renew(takes?: Durations): void {
    this.world = new World(takes);
    this.calls.length = 0;
    this.fault = () => undefined;
    this.process();
  }

  /** What asks from now on is another process. */
  process(death?: FakeAws['death']): void {
    this.death = death;
    this.#changes = 0;
  }

  async listen(): Promise<string> {
    const server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const [path = '', search = ''] = (incoming.url ?? '').split('?');
      const query = Object.fromEntries([...new URLSearchParams(search)].map(([name, value]) => [name, value]));
      const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
      const answer = this.answer({ method: incoming.method ?? '', path, query, headers, body: Buffer.concat(chunks).toString() });
      if (answer === 'silence') return;
      if (!answer) return incoming.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'text/xml', ...answer.headers });
      response.end(incoming.method === 'HEAD' ? undefined : answer.body);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  /** For a client of the SDK, in place of its HTTP. */
  readonly requestHandler = {
    handle: async (request: {
      method: string;
      path: string;
      query?: Record<string, string | null>;
      headers: Record<string, string>;
      body?: unknown;
    }) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
      const bytes = request.body ?? '';
      const body = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as Uint8Array);
      const asked: RestRequest = { method: request.method, path: request.path, query: request.query ?? {}, headers, body };
      const last = this.#isLast(asked);
      if (last && !this.death?.done) throw new Killed();
      const answer = this.answer(asked);
      if (last || answer === 'silence') throw new Killed();
      if (!answer) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      const { status, headers: told = {}, body: content = '' } = answer;
      return {
        response: { statusCode: status, headers: { 'content-type': 'text/xml', ...told }, body: Readable.from([Buffer.from(content)]) },
      };
    },
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };

  #isLast(request: RestRequest): boolean {
    if (!this.death || isQuestion(questionOf(request))) return false;
    this.#changes++;
    return this.#changes >= this.death.at;
  }

  /** undefined: the connection is cut. */
  answer(request: RestRequest): RestAnswer | 'silence' | undefined {
    const { world } = this;
    world.now += this.perRequestMs;
    world.settle();
    const asked = questionOf(request);
    this.calls.push(`${asked.service} ${asked.action}`);
    try {
      const fault = this.fault(asked);
      if (fault === 'lost-before') return undefined;
      if (fault instanceof AwsFault) throw fault;
      const answer = this.#done(asked, request);
      if (fault === 'silent') return 'silence';
      return fault === 'lost-after' ? undefined : answer;
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      return refused(asked, error);
    }
  }

  #done({ service, action, form, json }: Question, request: RestRequest): RestAnswer {
    const { world } = this;
    if (service === 's3') return s3(world, request);
    const unknown = (): never => {
      throw new AwsFault('InvalidAction', `${service} ${action} is not part of this server`, 400);
    };
    if (service === 'redshift-serverless') {
      const result = (serverless(world)[action] ?? unknown)(json);
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(result) };
    }
    const operations = { redshift, iam, sts, ec2 }[service](world);
    const result = (operations[action] ?? unknown)(form) as Parameters<typeof xml>[0];
    const inner = service === 'redshift' ? rawXml(result) : xml(result, service === 'ec2' ? 'item' : 'member');
    const wrapped = service === 'ec2' ? inner : `<${action}Result>${inner}</${action}Result>`;
    return {
      status: 200,
      body: `<${action}Response>${wrapped}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
    };
  }
}

interface Question extends Call {
  readonly form: Params;
  readonly json: Readonly<Record<string, unknown>>;
}

function questionOf(request: RestRequest): Question {
  const { headers, body } = request;
  const [, jsonAction] = (headers['x-amz-target'] ?? '').split('.');
  if (jsonAction !== undefined)
    return { service: 'redshift-serverless', action: jsonAction, form: {}, json: JSON.parse(body || '{}') as Record<string, unknown> };
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = params(body);
    return { service: VERSIONS[text(form, 'Version') ?? ''] ?? 's3', action: text(form, 'Action') ?? '', form, json: {} };
  }
  return { service: 's3', action: s3Action(request), form: {}, json: {} };
}

/** Redshift's lists name each of their items: { raw: [{ Tag: … }, …] }. */
function rawXml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : xml(value as string, '');
  if ('raw' in value && Array.isArray(value.raw)) return value.raw.map(rawXml).join('');
  return Object.entries(value)
    .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${rawXml(inner)}</${name}>`))
    .join('');
}

function refused({ service }: Call, { code, message, status }: AwsFault): RestAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${xml(message, '')}</Message></Error>`;
  if (service === 'redshift-serverless')
    return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify({ __type: code, message }) };
  if (service === 'ec2') return { status, body: `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>` };
  return { status, body: service === 's3' ? error : `<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>` };
}

// What listeners do, as lines of the event log in order of time: sessions, plays, level changes, log-outs, and now and
// then an exact duplicate or two plays at one instant. Endless; the caller takes as many lines as it wants.
import type { Library, Recording } from './catalogue.ts';
import { dueHeap } from './due-heap.ts';
import { type Listener, makeListener } from './listeners.ts';
import type { Random } from './random.ts';

export interface EventLine {
  /** Epoch milliseconds; never smaller than the line's before. */
  readonly ts: number;
  readonly text: string;
  readonly play: boolean;
}

const hour = 3_600_000;
const day = 24 * hour;
/** The log begins here: the turn of a year, where ISO weeks and calendar years part, lies ahead. */
export const logStart = Date.UTC(2018, 11, 20);
/** How likely a session begins in each hour of a day, UTC. */
const hourWeights = [2, 2, 1, 1, 1, 1, 2, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9, 9, 8, 6, 5, 4, 3, 2];
/** Every hour as often as it weighs. */
const hours = hourWeights.flatMap((weight, index) => Array<number>(weight).fill(index)) as [number, ...number[]];

type Page = readonly [page: string, method: 'GET' | 'PUT', status: number];
const loggedInPages: readonly (readonly [below: number, Page])[] = [
  [0.1, ['Home', 'GET', 200]],
  [0.108, ['Settings', 'GET', 200]],
  [0.111, ['Save Settings', 'PUT', 307]],
  [0.117, ['Help', 'GET', 200]],
  [0.121, ['About', 'GET', 200]],
  [0.123, ['Error', 'GET', 404]],
  [0.138, ['Logout', 'PUT', 307]],
];
const loggedOutPages: readonly [Page, ...Page[]] = [
  ['Home', 'GET', 200],
  ['Login', 'PUT', 307],
  ['Login', 'PUT', 307],
  ['About', 'GET', 200],
  ['Help', 'GET', 200],
];

export function* activity(random: Random, library: Library, userCount: number): Generator<EventLine, never> {
  const listeners = Array.from({ length: userCount }, (_, index) => makeListener(random, index + 1, logStart));
  const queue = dueHeap(listeners.map((listener) => sessionStart(random, logStart + random.wait(listener.pause) * day)));
  let sessions = 0;
  let last: EventLine | undefined;
  let lastUser = -1;
  for (;;) {
    const index = queue.first();
    const listener = listeners[index] as Listener;
    if (listener.left === 0) beginSession(random, listener, ++sessions);
    const recording = listener.loggedIn && listener.pending === undefined && random.chance(0.86) ? choose(random, library) : undefined;
    // Two people at times play at one instant, to the millisecond.
    const together = recording !== undefined && last?.play === true && lastUser !== index && random.chance(0.004);
    const ts = together && last ? last.ts : queue.firstDue();
    const text = recording ? playText(listener, recording, ts) : visit(random, listener, ts);
    last = { ts, text, play: recording !== undefined };
    lastUser = index;
    yield last;
    if (random.chance(0.003)) yield last;
    listener.item++;
    listener.left--;
    const due = queue.firstDue();
    if (listener.left === 0) queue.postpone(sessionStart(random, due + random.wait(listener.pause) * day));
    // A song that is skipped at once leaves two plays of one person at one instant.
    else if (recording) queue.postpone(random.chance(0.004) ? due : due + (random.chance(0.93) ? recording.ms : random.int(recording.ms)));
    else queue.postpone(due + 400 + random.int(90_000));
  }
}

function beginSession(random: Random, listener: Listener, session: number): void {
  listener.session = session;
  listener.item = 0;
  listener.left = 1 + Math.floor(random.wait(listener.level === 'paid' ? 22 : 7));
  listener.loggedIn = random.chance(0.93);
}

/** The next likely hour of the day that `earliest` falls on, or `earliest` itself when that hour is past. */
function sessionStart(random: Random, earliest: number): number {
  const start = Math.floor(earliest / day) * day + random.pick(hours) * hour + random.int(hour);
  return Math.max(Math.ceil(earliest), start);
}

function choose(random: Random, library: Library): Recording {
  const form = random.next();
  const from = form < 0.42 ? library.catalogued : form < 0.52 ? library.nearly : library.unknown;
  const list = from.length > 0 ? from : library.unknown;
  return list[random.popular(list.length)] as Recording;
}

const playText = (listener: Listener, recording: Recording, ts: number): string =>
  loggedInText(listener, ts, recording.artist, recording.song, recording.length, 'PUT', 'NextSong', 200);

/** Any page but a play; it may change what the listener is. */
function visit(random: Random, listener: Listener, ts: number): string {
  if (!listener.loggedIn) {
    const [page, method, status] = random.pick(loggedOutPages);
    const text = loggedOutText(listener, ts, method, page, status);
    if (page === 'Login') listener.loggedIn = true;
    return text;
  }
  const [page, method, status] = nextPage(random, listener);
  const text = loggedInText(listener, ts, 'null', 'null', 'null', method, page, status);
  listener.pending = undefined;
  if (page === 'Submit Upgrade') listener.level = 'paid';
  else if (page === 'Submit Downgrade') listener.level = 'free';
  else if (page === 'Logout') listener.loggedIn = false;
  else if (page === 'Upgrade' && random.chance(0.5)) listener.pending = 'Submit Upgrade';
  else if (page === 'Downgrade' && random.chance(0.4)) listener.pending = 'Submit Downgrade';
  return text;
}

function nextPage(random: Random, listener: Listener): Page {
  if (listener.pending) return [listener.pending, 'PUT', 307];
  // The table is of all events; only one in seven comes here, the others are plays.
  const point = random.next() * 0.15;
  const found = loggedInPages.find(([below]) => point < below);
  return found?.[1] ?? [listener.level === 'free' ? 'Upgrade' : 'Downgrade', 'GET', 200];
}

function loggedInText(
  listener: Listener,
  ts: number,
  artist: string,
  song: string,
  length: string,
  method: string,
  page: string,
  status: number,
): string {
  return (
    `{"artist":${artist},"auth":"Logged In","firstName":${listener.firstName},"gender":${listener.gender},` +
    `"itemInSession":${listener.item},"lastName":${listener.lastName},"length":${length},"level":"${listener.level}",` +
    `"location":${listener.location},"method":"${method}","page":"${page}","registration":${listener.registration},` +
    `"sessionId":${listener.session},"song":${song},"status":${status},"ts":${ts},"userAgent":${listener.userAgent},` +
    `"userId":"${listener.userId}"}`
  );
}

/** Nobody is known: no name, no place, an empty userId. */
function loggedOutText(listener: Listener, ts: number, method: string, page: string, status: number): string {
  return (
    '{"artist":null,"auth":"Logged Out","firstName":null,"gender":null,' +
    `"itemInSession":${listener.item},"lastName":null,"length":null,"level":"${listener.level}",` +
    `"location":null,"method":"${method}","page":"${page}","registration":null,` +
    `"sessionId":${listener.session},"song":null,"status":${status},"ts":${ts},"userAgent":null,"userId":""}`
  );
}

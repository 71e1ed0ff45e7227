// The people who listen: who they are and what their app says of them, as JSON that is ready for the log.
import { escapedJson, rawJson } from './json-text.ts';
import type { Random } from './random.ts';
import { area, firstName, lastName } from './words.ts';

/** The texts are JSON already; `level` and what follows change as the person listens. */
export interface Listener {
  readonly userId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly gender: string;
  readonly location: string;
  readonly registration: string;
  readonly userAgent: string;
  /** Mean days between two sessions. */
  readonly pause: number;
  level: 'free' | 'paid';
  session: number;
  item: number;
  /** Events left in this session. */
  left: number;
  loggedIn: boolean;
  /** The page that must come next, as after the visit of 'Upgrade'. */
  pending: 'Submit Upgrade' | 'Submit Downgrade' | undefined;
}

const agents = [
  '"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538 Safari/537.36"',
  '"Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Safari/605.1.15"',
  'Mozilla/5.0 (X11; Linux x86_64; rv:63.0) Gecko/20100101 Firefox/63.0',
  'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko',
] as const;

export const makeListener = (random: Random, userId: number, registeredBefore: number): Listener => {
  const json = random.chance(0.8) ? escapedJson : rawJson;
  return {
    userId,
    firstName: json(firstName(random)),
    lastName: json(lastName(random)),
    gender: random.chance(0.55) ? '"F"' : '"M"',
    location: json(area(random)),
    registration: `${registeredBefore - random.int(200 * 86_400_000)}.0`,
    userAgent: json(random.pick(agents)),
    pause: random.chance(0.2) ? 1.2 : 5,
    level: random.chance(0.22) ? 'paid' : 'free',
    session: 0,
    item: 0,
    left: 0,
    loggedIn: true,
    pending: undefined,
  };
};

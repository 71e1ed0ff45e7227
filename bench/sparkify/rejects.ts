// Lines that a loader must refuse, each made from a good one and each exactly one reject.
import type { Random } from './random.ts';

const broken: readonly [(line: string) => string | Uint8Array, ...((line: string) => string | Uint8Array)[]] = [
  (line) => line.slice(0, Math.floor(line.length / 2)),
  () => 'not JSON at all',
  (line) => `[${line}]`,
  () => '42',
  (line) => line.replace(/"ts":\d+/, '"ts":"yesterday"'),
  (line) => line.replace(/"ts":\d+/, '"ts":92233720368547758080'),
  (line) => line.replace(/"sessionId":\d+/, '"sessionId":1.5'),
  (line) => line.replace(/"length":[^,]+/, '"length":"four minutes"'),
  (line) => line.replace(/"artist":[^,]+/, '"artist":"lone \\ud83c surrogate"'),
  (line) => line.replace(/"page":"[^"]*"/, '"page":"nul \\u0000 inside"'),
  (line) => Buffer.concat([Buffer.from('{"artist":"'), Uint8Array.of(0xff, 0xc0), Buffer.from(`",${line.slice(1)}`)]),
];

export const rejectedLine = (random: Random, line: string): string | Uint8Array => random.pick(broken)(line);

// Versions and ranges of them, as packages and `require-dbt-version` write them: '>=1.0.0', '<2.0.0', '=1.1.1', '1.1.1'.
// Order: https://semver.org/#spec-item-11
export interface Version {
  readonly numbers: readonly [number, number, number];
  /** 'rc.1' in parts; empty: a release. */
  readonly prerelease: readonly string[];
}

const VERSION = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-?([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?$/;

/** Two numbers mean the third is 0. undefined: it is no version. */
export function versionOf(text: string): Version | undefined {
  const match = VERSION.exec(text.trim());
  if (!match) return undefined;
  const [, major = '', minor = '', patch = '0', prerelease] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease: prerelease?.split('.') ?? [] };
}

const isNumber = (part: string): boolean => /^\d+$/.test(part);

function compareParts(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b);
  if (isNumber(a) !== isNumber(b)) return isNumber(a) ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareVersions(a: Version, b: Version): number {
  for (const [index, one] of a.numbers.entries()) {
    const difference = one - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (const [index, part] of a.prerelease.entries()) {
    const other = b.prerelease[index];
    if (other === undefined) return 1;
    const difference = compareParts(part, other);
    if (difference !== 0) return difference;
  }
  return a.prerelease.length - b.prerelease.length;
}

export interface Bound {
  readonly text: string;
  readonly allows: (version: Version) => boolean;
  readonly version: Version;
}

/** One condition; undefined: it is none. */
export function boundOf(text: string): Bound | undefined {
  const match = /^(>=|<=|>|<|={1,2})?\s*(.+)$/.exec(text.trim());
  const version = versionOf(match?.[2] ?? '');
  if (!match || !version) return undefined;
  const allows = (one: Version): boolean => {
    const difference = compareVersions(one, version);
    switch (match[1]) {
      case '>=':
        return difference >= 0;
      case '<=':
        return difference <= 0;
      case '>':
        return difference > 0;
      case '<':
        return difference < 0;
      default:
        return difference === 0;
    }
  };
  return { text: text.trim(), allows, version };
}

/** The highest that all bounds allow. Prereleases count where one is asked for, or `prerelease`. */
export function highest(versions: readonly string[], bounds: readonly Bound[], prerelease: boolean): string | undefined {
  const asked = prerelease || bounds.some(({ version }) => version.prerelease.length > 0);
  let best: { readonly text: string; readonly version: Version } | undefined;
  for (const text of versions) {
    const version = versionOf(text);
    if (!version || (!asked && version.prerelease.length > 0) || !bounds.every((bound) => bound.allows(version))) continue;
    if (!best || compareVersions(version, best.version) > 0) best = { text, version };
  }
  return best?.text;
}

/** Whether any version at all could satisfy all bounds: two that exclude one another are a conflict before the hub is asked. */
export function canMeet(bounds: readonly Bound[]): boolean {
  const near = bounds.flatMap(({ version: { numbers, prerelease } }): Version[] => [
    { numbers, prerelease },
    { numbers: [numbers[0], numbers[1], numbers[2] + 1], prerelease: ['0'] },
    // The next below: nothing but a prerelease of it is nearer.
    { numbers, prerelease: ['0'] },
  ]);
  return [{ numbers: [0, 0, 0], prerelease: ['0'] } as Version, ...near].some((version) => bounds.every((bound) => bound.allows(version)));
}

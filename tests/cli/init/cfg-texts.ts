// A dwh.cfg that is filled in, written in the ways in which people write one.

export type Filling = Readonly<Record<string, string>>;

export interface Style {
  /** Around each value. */
  readonly quote?: string;
  readonly equals?: string;
  readonly end?: string;
  /** Before all. */
  readonly before?: string;
  /** Behind each value. */
  readonly behind?: string;
  /** A line, or several, behind each line. */
  readonly between?: string;
  /** Names in small letters. */
  readonly small?: boolean;
  /** A section that is left out. */
  readonly without?: string;
}

const SECTIONS: Readonly<Record<string, Filling>> = {
  CLUSTER: {
    HOST: 'readers.c0ffee.eu-west-1.redshift.amazonaws.com',
    DB_NAME: 'library',
    DB_USER: 'ann',
    DB_PASSWORD: 'planted-Password-1',
    DB_PORT: '5440',
  },
  CLUSTER_PRO: { DWH_CLUSTER_TYPE: 'multi-node', DWH_NUM_NODES: '2', DWH_NODE_TYPE: 'ra3.xlplus', DWH_CLUSTER_IDENTIFIER: 'readers' },
  IAM_ROLE: { DWH_IAM_ROLE_NAME: 'S3Reader', DWH_ARN: 'arn:aws:iam::123456789012:role/readers/S3Reader' },
  S3: { LOG_DATA: 's3://library/log', LOG_JSONPATH: 's3://library/paths.json', SONG_DATA: 's3://library/songs' },
  AWS: { ACCESS_KEY: 'AKIAPLANTEDFORTESTS2', SECRET_KEY: 'planted/Secret+Key/2', ACCESS_REGION: 'eu-west-1' },
};

/** `ARN` stands in it only when it is given. */
export function filled(filling: Filling = {}, style: Style = {}): string {
  const { quote = '', equals = '=', end = '\n', before = '', behind = '', between, small = false, without } = style;
  const name = (text: string): string => (small ? text.toLowerCase() : text);
  const lines = Object.entries(SECTIONS).flatMap(([section, keys]) => {
    if (section === without) return [];
    const more = section === 'IAM_ROLE' && filling.ARN !== undefined ? { ARN: filling.ARN } : {};
    const values = Object.entries({ ...keys, ...more });
    return [
      `[${name(section)}]`,
      ...values.map(([key, value]) => `${name(key)}${equals}${quote}${filling[key] ?? value}${quote}${behind}`),
    ];
  });
  const all = between === undefined ? lines : lines.flatMap((line) => [line, ...between.split('\n')]);
  return before + all.map((line) => line + end).join('');
}

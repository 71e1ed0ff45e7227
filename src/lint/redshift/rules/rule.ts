// What a rule is: data. The server's answer, the reason in the user's words, the rewrite, the vendor's page.

export interface Rule {
  /** 'warning': Redshift takes the statement; it only does something else than one may think. Default 'error'. */
  readonly severity?: 'warning';
  /** The vendor's page says so, and servers are said to take it all the same: lint says it, a build does not stop for it. */
  readonly doubtful?: true;
  readonly sqlstate: string;
  /** What Redshift says. {near}: the text it stops at; {…}: what the finding gives. Not every text was seen on a server. */
  readonly says: string;
  readonly reason: string;
  /** What to write instead: one sentence. */
  readonly rewrite?: string;
  readonly url: string;
}

export const page = (name: string): string => `https://docs.aws.amazon.com/redshift/latest/dg/${name}.html`;

const syntaxError = 'syntax error at or near "{near}"';

/** Refused by the parser with a syntax error. */
export const syntax = (name: string, reason: string, rewrite?: string): Rule => ({
  sqlstate: '42601',
  says: syntaxError,
  reason,
  url: page(name),
  ...(rewrite === undefined ? {} : { rewrite }),
});

/** Refused with a text of its own. */
export const refusal = (sqlstate: string, says: string, name: string, reason: string, rewrite?: string): Rule => ({
  ...syntax(name, reason, rewrite),
  sqlstate,
  says,
});

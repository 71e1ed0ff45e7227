// Why a statement was not understood: what the parser hands back in place of a tree.

export interface Refusal {
  /** Id of the rule. */
  readonly rule: string;
  /** Where, in UTF-16 units of the whole text, and up to where. */
  readonly start: number;
  readonly end: number;
  readonly sqlstate: string;
  /** What Redshift answers. */
  readonly says: string;
}

/** Thrown within the parser only; parseStatement() catches it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly refusal: Refusal) {
    super(refusal.says);
  }
}

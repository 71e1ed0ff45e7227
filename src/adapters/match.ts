// Which rows of a table and of what was staged for it are the same.

export interface KeyPair {
  readonly target: string;
  readonly staged: string;
  /** Of both sides; '' when an expression's type is not known. */
  readonly type: string;
}

/** When a row of the target and a staged row are partners, as SQL over the two names that a statement gives them. */
export type Match = (
  target: string,
  staged: string,
) => {
  /** Compared null-safely. */
  readonly keys: readonly KeyPair[];
  /** Conditions on both sides, on the target alone (its columns may stand without a name before them), on the staged row alone. */
  readonly both: readonly string[];
  readonly onTarget: readonly string[];
  readonly onStaged: readonly string[];
};

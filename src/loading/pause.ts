// Long loops of synchronous work stand aside now and then.

/** Lets other work go on. */
export const pause = (): Promise<void> => new Promise((resume) => setImmediate(resume));

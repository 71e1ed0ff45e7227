// The allow-list: every function that a statement may call, by name. One name may have several signatures.
import { aggregateFunctions } from './aggregates.ts';
import { numberFunctions } from './numbers.ts';
import type { Signature } from './signature.ts';
import { spatialFunctions } from './spatial.ts';
import { systemFunctions } from './system.ts';
import { textFunctions } from './text.ts';

export const functions: ReadonlyMap<string, readonly Signature[]> = (() => {
  const byName = new Map<string, Signature[]>();
  for (const one of [...textFunctions, ...numberFunctions, ...aggregateFunctions, ...systemFunctions, ...spatialFunctions]) {
    const others = byName.get(one.name);
    if (others) others.push(one);
    else byName.set(one.name, [one]);
  }
  return byName;
})();

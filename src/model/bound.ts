/** Models that `using()` bound to a place. */
import type { Using } from "../execute/session.ts";
import type { ModelRef } from "../schema/meta.ts";

/** Where the statics of a bound model run. */
const USING: unique symbol = Symbol("using");

/** The model with a place where its statics run. */
export function boundTo(model: ModelRef, using: Using): ModelRef {
  return Object.create(model, { [USING]: { value: using } });
}

/** Where the statics of a model run; null when that was not said. */
export function bound(model: ModelRef): Using | null {
  return (model as { readonly [USING]?: Using })[USING] ?? null;
}

/** The class as it was declared, without the place that `using()` bound. */
export function unbound(model: ModelRef): ModelRef {
  let declared: ModelRef = model;
  while (Object.hasOwn(declared, USING)) declared = Object.getPrototypeOf(declared);
  return declared;
}

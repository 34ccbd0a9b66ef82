import { counted } from "./array.ts";
import { compare, orderedLookups } from "./base.ts";
import type { Lookups } from "./lookup.ts";

let made: Lookups | undefined;

/** The operators of network addresses. */
export function networkLookups(): Lookups {
  return made ??= {
    operators: {
      ...orderedLookups().operators,
      contains: compare("networkContains"),
      containedBy: compare("networkContainedBy"),
      strictlyContains: compare("networkAbove"),
      strictlyContainedBy: compare("networkBelow"),
      overlaps: compare("overlaps"),
      family: counted("family", "family"),
    },
  };
}

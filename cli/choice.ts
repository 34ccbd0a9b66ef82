import { nearest } from "../src/util/nearest.ts";

/** How columns may become properties. */
export const CASINGS: readonly string[] = ["camel", "preserve"];

/** Says what is wrong with a value that must be one of several, and which one was meant. */
export function choiceFault(
  name: string,
  value: string,
  choices: readonly string[],
): { readonly what: string; readonly hint: string } | undefined {
  if (choices.includes(value)) return undefined;
  const guess = nearest(value, choices);
  return {
    what: `${name} does not take ${JSON.stringify(value)}`,
    hint: `${guess === undefined ? "" : `Did you mean ${guess}? `}It takes ${choices.join(" or ")}`,
  };
}

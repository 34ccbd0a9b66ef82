import { meant } from "./nearest.ts";

/** A name that is none of those that are known, and what to say of it. */
export interface Misspelt {
  /** The name. */
  readonly name: string;
  /** Which one was meant, perhaps, and which there are. */
  readonly hint: string;
}

/** Finds a key of an object that is none of the known ones. */
export function misspelt(given: object, known: readonly string[]): Misspelt | undefined {
  const name = Object.keys(given).find((key) => !known.includes(key));
  if (name === undefined) return undefined;
  return { name, hint: meant(name, known, `The options are ${known.join(", ")}`) };
}

import type { AnyCodec } from "../codec/codec.ts";
import type { FragmentNode } from "./nodes.ts";

/** Marks a fragment in a way that no JSON from outside can imitate, and that two copies of the package share. */
const BRAND: symbol = Symbol.for("@matrx/orm:sql");

/** What the engine knows of SQL text from outside; only who writes such text loads what makes it. */
export abstract class Fragment {
  /** The literal texts around the values; one more than there are values. */
  abstract readonly texts: readonly string[];
  /** The values between the texts. */
  abstract readonly values: readonly unknown[];
  /**
   * Gives the fragment its node: values become bound parameters, names are quoted.
   *
   * @internal
   */
  abstract toNode(): FragmentNode;
  /**
   * Reads what it gives.
   *
   * @internal
   */
  abstract get codec(): AnyCodec;
}

Object.defineProperty(Fragment.prototype, BRAND, { value: true });

/** Tells a fragment from any other value. */
export function isSql(value: unknown): value is Fragment {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** Enum types. */
import { type Codec, TEXTS } from "./codec.ts";
import { kindOf, refusal } from "./refuse.ts";

/** How many labels a hint lists at most. */
const LISTED = 40;

/**
 * Makes the codec of an enum type, which refuses labels that are not in the list.
 *
 * Reading lets any label through: the database may know more of them by now.
 */
export function enumCodec<const Label extends string>(
  name: string,
  labels: readonly Label[],
): Codec<Label> {
  const known = new Set<string>(labels);
  return {
    name,
    reads: TEXTS,
    decode: (text) => text as Label,
    encode(value) {
      if (known.has(value)) return value;
      if (typeof value !== "string") {
        throw refusal(name, `expected a string, got ${kindOf(value)}`);
      }
      const more = labels.length > LISTED ? ` and ${labels.length - LISTED} more` : "";
      throw refusal(
        name,
        "the string is none of its labels",
        `Known labels: ${
          labels.slice(0, LISTED).map((label) => JSON.stringify(label)).join(", ")
        }${more}`,
      );
    },
  };
}

/** Geometric types. */
import type { ElementCodec } from "./array_text.ts";
import type { Codec } from "./codec.ts";
import { floatText } from "./number.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";
import { checkText } from "./text.ts";

/** A point of the plane. */
export interface Point {
  /** The first coordinate. */
  readonly x: number;
  /** The second coordinate. */
  readonly y: number;
}

/** `point`. */
export const point: Codec<Point> = {
  name: "point",
  reads: ["point"],
  decode(text) {
    const comma = text.indexOf(",");
    if (text.charCodeAt(0) !== 40 || comma === -1) {
      throw unreadable("point", "the text is no point");
    }
    return { x: Number(text.slice(1, comma)), y: Number(text.slice(comma + 1, -1)) };
  },
  encode(value) {
    if (typeof value !== "object" || value === null) {
      throw refusal("point", `expected { x, y }, got ${kindOf(value)}`);
    }
    return `(${floatText(value.x, "point")},${floatText(value.y, "point")})`;
  },
};

/** `box`: two corners as text; the one type whose arrays are delimited by semicolons. */
export const box: ElementCodec<string> = {
  name: "box",
  element: { delimiter: ";" },
  decode: (text) => text,
  encode: (value) => checkText(value, "box"),
};

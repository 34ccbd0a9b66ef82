/** Makes texts that match a regular expression of the simple kinds that checks use. */
import type { Random } from "../random.ts";

/** A piece of a pattern: gives a text that matches it. */
type Piece = (random: Random) => string;

/** Ends the reading of a pattern that is beyond factories. */
class Unreadable extends Error {}

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const WORD = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;

const CLASSES: Readonly<Record<string, string>> = { d: DIGITS, w: WORD, s: " " };

const POSIX: Readonly<Record<string, string>> = {
  alpha: LOWER,
  digit: DIGITS,
  alnum: LOWER + DIGITS,
  lower: LOWER,
  upper: LOWER.toUpperCase(),
  space: " ",
  xdigit: `${DIGITS}abcdef`,
  punct: ".,;:",
};

/** Everything that a negated class is taken from. */
const ANY = `${LOWER}${DIGITS}${LOWER.toUpperCase()}-_.:/ @`;

class PatternParser {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Piece {
    const piece = this.#alternatives();
    if (this.#at < this.#text.length) throw new Unreadable();
    return piece;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(): Piece {
    const all = [this.#sequence()];
    while (this.#take("|")) all.push(this.#sequence());
    return all.length === 1 ? all[0]! : (random) => random.pick(all)(random);
  }

  #sequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#text.length && !/^[|)]/.test(this.#text.slice(this.#at))) {
      if (this.#take("^") || this.#take("$")) continue;
      pieces.push(this.#repeated(this.#atom()));
    }
    return (random) => pieces.map((piece) => piece(random)).join("");
  }

  #repeated(piece: Piece): Piece {
    const range = /^\{(\d+)(,(\d*))?\}/.exec(this.#text.slice(this.#at));
    const [least, most] = this.#take("*")
      ? [0, 3]
      : this.#take("+")
      ? [1, 4]
      : this.#take("?")
      ? [0, 1]
      : range === null
      ? [1, 1]
      : [
        Number(range[1]),
        range[2] === undefined
          ? Number(range[1])
          : range[3] === ""
          ? Number(range[1]) + 3
          : Number(range[3]),
      ];
    if (range !== null && this.#text.startsWith("{", this.#at)) this.#at += range[0].length;
    this.#take("?");
    if (least === 1 && most === 1) return piece;
    return (random) =>
      Array.from({ length: random.whole(least!, Math.min(most!, least! + 8)) }, () => piece(random))
        .join("");
  }

  #atom(): Piece {
    if (this.#take("(")) {
      if (this.#take("?:")) { /* a group without a number */ }
      else if (this.#text.startsWith("?", this.#at)) throw new Unreadable();
      const inner = this.#alternatives();
      if (!this.#take(")")) throw new Unreadable();
      return inner;
    }
    if (this.#take("[")) return this.#set();
    if (this.#take(".")) return (random) => random.pick([...LOWER]);
    const char = this.#text[this.#at++]!;
    if (char !== "\\") return () => char;
    const escaped = this.#text[this.#at++] ?? "";
    if (escaped === "A" || escaped === "Z" || escaped === "m" || escaped === "M") return () => "";
    if (/[a-zA-Z]/.test(escaped) && !Object.hasOwn(CLASSES, escaped)) throw new Unreadable();
    const chars = CLASSES[escaped] ?? escaped;
    return (random) => random.pick([...chars]);
  }

  #set(): Piece {
    const negated = this.#take("^");
    let chars = "";
    for (let first = true; first || !this.#take("]"); first = false) {
      if (this.#at >= this.#text.length) throw new Unreadable();
      const named = /^\[:(\w+):\]/.exec(this.#text.slice(this.#at));
      if (named !== null) {
        chars += POSIX[named[1]!] ?? "";
        this.#at += named[0].length;
        continue;
      }
      let char = this.#text[this.#at++]!;
      if (char === "\\") {
        char = this.#text[this.#at++] ?? "";
        if (Object.hasOwn(CLASSES, char)) {
          chars += CLASSES[char];
          continue;
        }
      }
      const end = /^-([^\]])/.exec(this.#text.slice(this.#at))?.[1];
      if (end === undefined) chars += char;
      else {
        this.#at += 2;
        for (let code = char.charCodeAt(0); code <= Math.min(end.charCodeAt(0), 126); code++) {
          chars += String.fromCharCode(code);
        }
      }
    }
    const allowed = [...negated ? [...ANY].filter((one) => !chars.includes(one)) : chars];
    if (allowed.length === 0) throw new Unreadable();
    return (random) => random.pick(allowed);
  }
}

/** Makes a text that matches a pattern; undefined for a pattern that is beyond factories. */
export function textLike(pattern: string, random: Random): string | undefined {
  try {
    return new PatternParser(pattern).whole()(random);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

import { nameOf, type Token, tokensOf } from "./tokens.ts";

/** A command that changes an index or a partition while others go on, and leaves something when killed. */
export type ConcurrentCommand =
  | {
    readonly kind: "create index";
    /** The index's name; null where the server makes one. */
    readonly index: string | null;
    /** The table as it is written. */
    readonly table: string;
  }
  | {
    readonly kind: "drop index";
    /** The indexes as they are written. */
    readonly indexes: readonly string[];
  }
  | {
    readonly kind: "reindex";
    /** `index`, `table`, `schema`, `database` or `system`. */
    readonly what: string;
    /** What is rebuilt, as it is written. */
    readonly name: string;
  }
  | {
    readonly kind: "detach";
    /** The command that ends what a killed one began. */
    readonly finalize: string;
    /** The partition as it is written. */
    readonly partition: string;
  };

/** Reads the tokens of one command, one after the other. */
class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...tokensOf(text)].filter(({ kind }) => kind !== "comment");
  }

  /** Steps over words, when they come next. */
  takes(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.#isWord(this.#at + ahead, word))) return false;
    this.#at += words.length;
    return true;
  }

  /** Steps over a list in parentheses; gives the words in it. */
  list(): string[] {
    const words: string[] = [];
    if (this.#textAt(this.#at) !== "(") return words;
    for (this.#at++; this.#at < this.#tokens.length && this.#textAt(this.#at) !== ")";) {
      words.push(this.#textAt(this.#at++).toLowerCase());
    }
    this.#at++;
    return words;
  }

  /** Reads a name without its schema; null when none comes. */
  name(): string | null {
    const token = this.#tokens[this.#at];
    if (token === undefined || (token.kind !== "word" && token.kind !== "name")) return null;
    this.#at++;
    return nameOf(this.#text, token);
  }

  /** Reads a name that may have a schema before it, as it is written. */
  path(): string {
    let path = this.#textAt(this.#at++);
    while (this.#textAt(this.#at) === ".") {
      path += `.${this.#textAt(this.#at + 1)}`;
      this.#at += 2;
    }
    return path;
  }

  /** Whether a symbol comes next; steps over it. */
  symbol(symbol: string): boolean {
    if (this.#textAt(this.#at) !== symbol) return false;
    this.#at++;
    return true;
  }

  /** Whether a word comes next. */
  sees(word: string): boolean {
    return this.#isWord(this.#at, word);
  }

  /** The text up to the next token. */
  before(): string {
    return this.#text.slice(0, this.#tokens[this.#at]?.start ?? this.#text.length);
  }

  #textAt(at: number): string {
    const token = this.#tokens[at];
    return token === undefined ? "" : this.#text.slice(token.start, token.end);
  }

  #isWord(at: number, word: string): boolean {
    const token = this.#tokens[at];
    return token?.kind === "word" && nameOf(this.#text, token) === word;
  }
}

/** Reads what a command does that a killed run may leave half done; null for every other command. */
export function readConcurrent(text: string): ConcurrentCommand | null {
  const reader = new Reader(text);
  if (reader.takes("create")) return readCreate(reader);
  if (reader.takes("drop", "index", "concurrently")) return readDrop(reader);
  if (reader.takes("reindex")) return readReindex(reader);
  return reader.takes("alter", "table") ? readDetach(reader) : null;
}

function readCreate(reader: Reader): ConcurrentCommand | null {
  reader.takes("unique");
  if (!reader.takes("index", "concurrently")) return null;
  reader.takes("if", "not", "exists");
  const index = reader.sees("on") ? null : reader.name();
  if (!reader.takes("on")) return null;
  reader.takes("only");
  return { kind: "create index", index, table: reader.path() };
}

function readDrop(reader: Reader): ConcurrentCommand {
  reader.takes("if", "exists");
  const indexes = [reader.path()];
  while (reader.symbol(",")) indexes.push(reader.path());
  return { kind: "drop index", indexes };
}

function readReindex(reader: Reader): ConcurrentCommand | null {
  const options = reader.list().join(" ");
  const what = reader.name() ?? "";
  const asked = /\bconcurrently(?! (?:false|off|0))/.test(options);
  if (!reader.takes("concurrently") && !asked) return null;
  return { kind: "reindex", what, name: reader.path() };
}

function readDetach(reader: Reader): ConcurrentCommand | null {
  reader.takes("if", "exists");
  reader.path();
  if (!reader.takes("detach", "partition")) return null;
  const partition = reader.path();
  if (!reader.sees("concurrently")) return null;
  return { kind: "detach", partition, finalize: `${reader.before()} finalize` };
}

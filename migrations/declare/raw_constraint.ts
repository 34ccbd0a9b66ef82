/** Constraints that a model gives as text, read as far as a catalog needs it. */
import type {
  ConstraintObject,
  ForeignConstraint,
  ReferentialAction,
} from "../../src/catalog/constraints.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { nameOf, type Token, tokensOf } from "../script/tokens.ts";

/** What is known beside the definition. */
type Base = Omit<
  Extract<ConstraintObject, { readonly type: "exclusion" }>,
  "type" | "definition" | "tablespace" | "indexComment"
>;

/** The index behind it. */
interface Behind {
  readonly storage: Readonly<Record<string, string>>;
  readonly tablespace: string | null;
  readonly indexComment: string | null;
}

/**
 * Makes a constraint from its definition.
 *
 * @throws {ConfigurationError} the definition does not start as a constraint does
 */
export function rawConstraint(base: Base, definition: string, behind: Behind): ConstraintObject {
  const text = definition.trim();
  const reader = new Reader(text);
  const found = makers.find(([words]) => words.every((word, at) => reader.isWord(at, word)));
  if (found === undefined) {
    throw new ConfigurationError(
      `Cannot declare the constraint ${base.name} of ${base.schema}.${base.table}: its definition is none`,
      {
        code: "invalid_constraint",
        hint: "Start it with CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY, EXCLUDE or NOT NULL",
        context: { table: base.table, constraint: base.name },
      },
    );
  }
  return found[1]({ ...base, ...stateOf(reader), definition: text }, reader, behind);
}

type Stated = Base & { readonly definition: string };
type Maker = (base: Stated, reader: Reader, behind: Behind) => ConstraintObject;

const makers: readonly (readonly [words: readonly string[], make: Maker])[] = [
  [["exclude"], (base, _, { tablespace, indexComment }) => ({
    ...base,
    type: "exclusion",
    tablespace,
    indexComment,
  })],
  [["foreign", "key"], (base, reader) => foreign(base, reader)],
  [["check"], (base, reader) => ({
    ...base,
    type: "check",
    expression: reader.between(1) ?? "",
    columns: [],
    noInherit: reader.has("no", "inherit"),
  })],
  [["not", "null"], (base, reader) => ({
    ...base,
    type: "not null",
    columns: reader.names(2, 3),
    noInherit: reader.has("no", "inherit"),
  })],
  [["primary", "key"], (base, reader, behind) => key("primary", base, reader, behind)],
  [["unique"], (base, reader, behind) => key("unique", base, reader, behind)],
];

function stateOf(reader: Reader): Pick<Base, "deferrable" | "validated" | "enforced"> {
  const isDeferrable = reader.has("deferrable") && !reader.has("not", "deferrable");
  const enforced = !reader.has("not", "enforced");
  return {
    deferrable: !isDeferrable
      ? null
      : reader.has("initially", "deferred")
      ? "initially deferred"
      : "initially immediate",
    validated: enforced && !reader.has("not", "valid"),
    enforced,
  };
}

function key(
  type: "primary" | "unique",
  base: Stated,
  reader: Reader,
  behind: Behind,
): ConstraintObject {
  const include = reader.find("include");
  return {
    ...base,
    ...behind,
    type,
    columns: reader.listAfter(0),
    include: include < 0 ? [] : reader.listAfter(include),
    nullsNotDistinct: reader.has("nulls", "not", "distinct"),
    withoutOverlaps: reader.has("without", "overlaps"),
  };
}

function foreign(base: Stated, reader: Reader): ForeignConstraint {
  const references = reader.find("references");
  const [schema, table] = reader.path(references + 1);
  const onDelete = reader.find("on", "delete");
  const action = (event: string): ReferentialAction => {
    const at = reader.find("on", event);
    const found = ACTIONS.find((one) =>
      one.split(" ").every((w, i) => reader.isWord(at + 2 + i, w))
    );
    return at < 0 ? "no action" : found ?? "no action";
  };
  return {
    ...base,
    type: "foreign",
    columns: reader.listAfter(0),
    references: { schema, table, columns: reader.listIn(references + 1, references + 5) },
    onDelete: action("delete"),
    onUpdate: action("update"),
    onDeleteColumns: onDelete < 0 ? [] : reader.listIn(onDelete + 4, onDelete + 5),
    match: reader.has("match", "full") ? "full" : "simple",
    period: reader.has("period"),
  };
}

const ACTIONS: readonly ReferentialAction[] = [
  ...["no action", "restrict", "cascade", "set null", "set default"] as const,
];

/** Reads the words of a definition outside of its parentheses, and the names inside of some. */
class Reader {
  readonly #text: string;
  /** The tokens outside of parentheses; a whole pair of them is one. */
  readonly #parts: readonly (readonly Token[])[];

  constructor(text: string) {
    this.#text = text;
    const parts: Token[][] = [];
    let depth = 0;
    for (const token of tokensOf(text)) {
      if (token.kind === "comment") continue;
      const symbol = token.kind === "symbol" ? text[token.start] : "";
      if (depth === 0) parts.push([token]);
      else parts[parts.length - 1]!.push(token);
      if (symbol === "(") depth++;
      if (symbol === ")") depth--;
    }
    this.#parts = parts;
  }

  /** Whether the part at a place is a word. */
  isWord(at: number, word: string): boolean {
    const [token] = this.#parts[at] ?? [];
    return token?.kind === "word" && nameOf(this.#text, token) === word;
  }

  /** The place where words follow each other; -1 = nowhere. */
  find(...words: readonly string[]): number {
    return this.#parts.findIndex((_, at) => words.every((word, i) => this.isWord(at + i, word)));
  }

  /** Whether words follow each other, outside of parentheses or, alone, inside of a list of names. */
  has(...words: readonly string[]): boolean {
    if (this.find(...words) >= 0) return true;
    if (!INSIDE.has(words[0]!)) return false;
    const inner = this.#parts.flatMap((part) => part.length > 1 ? part : []);
    return inner.some((token) => token.kind === "word" && nameOf(this.#text, token) === words[0]);
  }

  /** The text between the first parentheses at or behind a place. */
  between(from: number): string | undefined {
    const part = this.#parts.slice(from).find((one) => one.length > 1);
    if (part === undefined) return undefined;
    return this.#text.slice(part[0]!.end, part[part.length - 1]!.start).trim();
  }

  /** The names in the first parentheses at or behind a place. */
  listAfter(from: number): readonly string[] {
    return this.listIn(from, this.#parts.length);
  }

  /** The names in the first parentheses from one place to another. */
  listIn(from: number, to: number): readonly string[] {
    const part = this.#parts.slice(from, to).find((one) => one.length > 1) ?? [];
    const names: string[] = [];
    part.forEach((token, index) => {
      if (token.kind !== "word" && token.kind !== "name") return;
      const name = nameOf(this.#text, token);
      const follows = part[index + 1];
      const isName = follows === undefined || follows.kind === "symbol";
      if (token.kind === "word" && !isName && name === "period") return;
      if (token.kind === "word" && (name === "without" || name === "overlaps") && index > 1) return;
      names.push(name);
    });
    return names;
  }

  /** The names from one place to another. */
  names(from: number, to: number): readonly string[] {
    return this.#parts.slice(from, to).map(([token]) => nameOf(this.#text, token!));
  }

  /** A qualified name; the schema is empty where none is said. */
  path(at: number): readonly [schema: string, name: string] {
    const [first = ""] = this.names(at, at + 1);
    const [dot] = this.#parts[at + 1] ?? [];
    const isPath = dot?.kind === "symbol" && this.#text[dot.start] === ".";
    return isPath ? [first, this.names(at + 2, at + 3)[0] ?? ""] : ["", first];
  }
}

/** Words that stand inside of a list of columns. */
const INSIDE: ReadonlySet<string> = new Set(["period", "without"]);

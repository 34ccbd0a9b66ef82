/** Reads the expression of a check constraint as PostgreSQL prints it. */

/** An expression of a check constraint, as far as factories understand it. */
export type CheckNode =
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly items: readonly CheckNode[] }
  | { readonly kind: "and" | "or"; readonly items: readonly CheckNode[] }
  | { readonly kind: "not"; readonly item: CheckNode }
  | { readonly kind: "isNull"; readonly item: CheckNode; readonly negated: boolean }
  | { readonly kind: "call"; readonly name: string; readonly items: readonly CheckNode[] }
  | {
    readonly kind: "binary";
    readonly operator: string;
    readonly left: CheckNode;
    readonly right: CheckNode;
    /** Whether the right side is a list of which one must, or all must, fit. */
    readonly over: "any" | "all" | null;
  };

interface Token {
  readonly kind: "word" | "name" | "number" | "string" | "mark";
  readonly text: string;
}

const TOKEN =
  /\s*(?:("(?:[^"]|"")*")|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|[eE]?'((?:[^']|'')*)'|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(::|<>|!=|<=|>=|!~~\*|!~~|!~\*|!~|~~\*|~~|~\*|\|\||[-+*/%=<>~()[\],.]))/gy;

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.trimEnd().length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    at = TOKEN.lastIndex;
    const [, name, number, string, word, mark] = found;
    if (name !== undefined) {
      tokens.push({ kind: "name", text: name.slice(1, -1).replaceAll('""', '"') });
    } else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (string !== undefined) {
      tokens.push({ kind: "string", text: string.replaceAll("''", "'") });
    } else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else tokens.push({ kind: "mark", text: mark! });
  }
  return tokens;
}

/** What follows the first word of a type's name that has several. */
const TYPE_WORDS: ReadonlySet<string> = new Set(
  ["varying", "precision", "without", "with", "time", "zone"],
);

const COMPARE: ReadonlySet<string> = new Set([
  ...["=", "<>", "!=", "<", "<=", ">", ">="],
  ...["~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*"],
]);

/** Ends the reading of an expression that is beyond factories. */
class Unreadable extends Error {}

class Parser {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): CheckNode {
    const node = this.#or();
    if (this.#at < this.#tokens.length) throw new Unreadable();
    return node;
  }

  #is(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    if (token === undefined || token.kind === "string" || token.kind === "name") return false;
    return token.text.toLowerCase() === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #need(text: string): void {
    if (!this.#take(text)) throw new Unreadable();
  }

  #or(): CheckNode {
    const items = [this.#and()];
    while (this.#take("or")) items.push(this.#and());
    return items.length === 1 ? items[0]! : { kind: "or", items };
  }

  #and(): CheckNode {
    const items = [this.#not()];
    while (this.#take("and")) items.push(this.#not());
    return items.length === 1 ? items[0]! : { kind: "and", items };
  }

  #not(): CheckNode {
    return this.#take("not") ? { kind: "not", item: this.#not() } : this.#comparison();
  }

  #comparison(): CheckNode {
    const left = this.#sum();
    if (this.#take("is")) {
      const negated = this.#take("not");
      if (this.#take("null")) return { kind: "isNull", item: left, negated };
      const isTrue = this.#take("true");
      if (!isTrue) this.#need("false");
      const value = { kind: "literal", value: isTrue !== negated } as const;
      return { kind: "binary", operator: "=", left, right: value, over: null };
    }
    const negated = this.#take("not");
    if (this.#take("between")) {
      const low = this.#sum();
      this.#need("and");
      const high = this.#sum();
      const items = [binary(">=", left, low), binary("<=", left, high)];
      return negated ? { kind: "not", item: { kind: "and", items } } : { kind: "and", items };
    }
    if (this.#take("in")) {
      this.#need("(");
      const right: CheckNode = { kind: "list", items: this.#list(")") };
      return binary(negated ? "<>" : "=", left, right, negated ? "all" : "any");
    }
    if (this.#take("like")) return binary(negated ? "!~~" : "~~", left, this.#sum());
    if (this.#take("ilike")) return binary(negated ? "!~~*" : "~~*", left, this.#sum());
    const operator = this.#tokens[this.#at];
    if (negated || operator?.kind !== "mark" || !COMPARE.has(operator.text)) {
      if (negated) throw new Unreadable();
      return left;
    }
    this.#at++;
    const over = this.#is("any") ? "any" : this.#is("all") ? "all" : null;
    if (over !== null) this.#at++;
    return binary(operator.text, left, this.#sum(), over);
  }

  #sum(): CheckNode {
    let left = this.#product();
    for (const operator of this.#operators("+", "-", "||")) {
      left = binary(operator, left, this.#product());
    }
    return left;
  }

  #product(): CheckNode {
    let left = this.#unary();
    for (const operator of this.#operators("*", "/", "%")) {
      left = binary(operator, left, this.#unary());
    }
    return left;
  }

  *#operators(...texts: readonly string[]): Generator<string> {
    for (;;) {
      const found = texts.find((text) => this.#take(text));
      if (found === undefined) return;
      yield found;
    }
  }

  #unary(): CheckNode {
    if (!this.#take("-")) return this.#cast();
    const item = this.#unary();
    if (item.kind !== "literal" || typeof item.value !== "number") {
      return binary("-", { kind: "literal", value: 0 }, item);
    }
    return { kind: "literal", value: -item.value };
  }

  #cast(): CheckNode {
    let node = this.#primary();
    while (this.#take("::")) {
      const type = this.#type();
      // the text of a number is one for what it is compared with
      if (
        node.kind === "literal" && typeof node.value === "string" &&
        /^(?:int|num|big|small|real|double)/.test(type)
      ) {
        node = { kind: "literal", value: Number(node.value) };
      }
    }
    return node;
  }

  #type(): string {
    const first = this.#tokens[this.#at++];
    if (first === undefined || (first.kind !== "word" && first.kind !== "name")) {
      throw new Unreadable();
    }
    while (this.#take(".")) this.#at++;
    while (TYPE_WORDS.has(this.#tokens[this.#at]?.text.toLowerCase() ?? "")) this.#at++;
    if (this.#take("(")) this.#list(")");
    while (TYPE_WORDS.has(this.#tokens[this.#at]?.text.toLowerCase() ?? "")) this.#at++;
    while (this.#take("[")) this.#need("]");
    return first.text.toLowerCase();
  }

  #list(end: string): CheckNode[] {
    const items: CheckNode[] = [];
    if (this.#take(end)) return items;
    do items.push(this.#or()); while (this.#take(","));
    this.#need(end);
    return items;
  }

  #primary(): CheckNode {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Unreadable();
    if (token.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token.kind === "string") return { kind: "literal", value: token.text };
    if (token.kind === "name") return { kind: "column", name: token.text };
    if (token.kind === "mark") {
      if (token.text !== "(") throw new Unreadable();
      const items = this.#list(")");
      if (items.length !== 1) throw new Unreadable();
      return items[0]!;
    }
    return this.#word(token.text.toLowerCase());
  }

  #word(word: string): CheckNode {
    if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
    if (word === "null") return { kind: "literal", value: null };
    if (word === "array" && this.#take("[")) return { kind: "list", items: this.#list("]") };
    if (word === "case" || word === "select" || word === "row") throw new Unreadable();
    if (word === "current_date" || word === "current_timestamp" || word === "localtimestamp") {
      return { kind: "call", name: "now", items: [] };
    }
    if (this.#take("(")) return { kind: "call", name: word, items: this.#list(")") };
    return { kind: "column", name: word };
  }
}

function binary(
  operator: string,
  left: CheckNode,
  right: CheckNode,
  over: "any" | "all" | null = null,
): CheckNode {
  return { kind: "binary", operator, left, right, over };
}

/** Reads the expression of a check; undefined for one that is beyond factories. */
export function parseCheck(text: string): CheckNode | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  try {
    return new Parser(tokens).whole();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** The columns that an expression names. */
export function columnsOf(node: CheckNode): Set<string> {
  const names = new Set<string>();
  const walk = (at: CheckNode): void => {
    switch (at.kind) {
      case "column":
        names.add(at.name);
        break;
      case "binary":
        walk(at.left);
        walk(at.right);
        break;
      case "not":
      case "isNull":
        walk(at.item);
        break;
      case "list":
      case "and":
      case "or":
      case "call":
        at.items.forEach(walk);
    }
  };
  walk(node);
  return names;
}

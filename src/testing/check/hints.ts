/** What checks ask of single columns, so that a value can be made that keeps them. */
import type { CheckNode } from "./parse.ts";
import type { Plain } from "./evaluate.ts";

/** What a column's value should be like. */
export interface Hint {
  /** The least value, and whether it is left out itself. */
  low?: { readonly value: number | string; readonly open: boolean };
  /** The greatest value, and whether it is left out itself. */
  high?: { readonly value: number | string; readonly open: boolean };
  /** The only values there are. */
  choices?: readonly Plain[];
  /** A regular expression that the text matches. */
  pattern?: string;
  /** The least and greatest length of the text. */
  shortest?: number;
  longest?: number;
  /** Whether it must not be NULL. */
  required?: boolean;
}

/** Two columns of which one is before the other, or the same. */
export interface Pair {
  readonly left: string;
  readonly right: string;
  readonly operator: string;
}

/** What checks ask for: by column, and of columns together. */
export interface Wishes {
  readonly hints: ReadonlyMap<string, Hint>;
  readonly pairs: readonly Pair[];
}

/** Collects what checks ask for; of alternatives one is taken, another one with each `turn`. */
export function wishesOf(checks: readonly CheckNode[], turn: number): Wishes {
  const hints = new Map<string, Hint>();
  const pairs: Pair[] = [];
  const hint = (name: string): Hint => {
    const found = hints.get(name) ?? {};
    hints.set(name, found);
    return found;
  };
  const walk = (node: CheckNode): void => {
    if (node.kind === "and") node.items.forEach(walk);
    else if (node.kind === "or") walk(node.items[turn % node.items.length]!);
    else if (node.kind === "isNull" && node.negated && node.item.kind === "column") {
      hint(node.item.name).required = true;
    } else if (node.kind === "column") hint(node.name).choices = [true];
    else if (node.kind === "not" && node.item.kind === "column") {
      hint(node.item.name).choices = [false];
    } else if (node.kind === "binary") compare(node, hint, pairs);
  };
  checks.forEach(walk);
  return { hints, pairs };
}

const TURNED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

type Binary = Extract<CheckNode, { readonly kind: "binary" }>;

function compare(
  { operator, left, right, over }: Binary,
  hint: (name: string) => Hint,
  pairs: Pair[],
): void {
  if (left.kind === "literal" && over === null) {
    compare(
      { kind: "binary", operator: TURNED[operator] ?? operator, left: right, right: left, over },
      hint,
      pairs,
    );
    return;
  }
  if (left.kind === "column" && right.kind === "column") {
    pairs.push({ left: left.name, right: right.name, operator });
  } else if (left.kind === "call" && /^(?:lower|upper)$/.test(left.name) && over !== null) {
    compare({ kind: "binary", operator, left: left.items[0]!, right, over }, hint, pairs);
  } else if (left.kind === "call") ofLength(left, operator, right, hint);
  else if (left.kind === "column" && over === "any" && operator === "=") {
    const values = right.kind === "list" ? right.items : [];
    const choices = values.flatMap((item) => item.kind === "literal" ? [item.value] : []);
    if (choices.length > 0) hint(left.name).choices = choices;
  } else if (left.kind === "column" && right.kind === "literal" && over === null) {
    bound(hint(left.name), operator, right.value);
  }
}

function bound(hint: Hint, operator: string, value: Plain): void {
  if (operator === "=") hint.choices = [value];
  else if (operator === "~" || operator === "~*") hint.pattern = String(value);
  else if (operator === "~~" || operator === "~~*") hint.pattern = likePattern(String(value));
  else if (typeof value === "number" || typeof value === "string") {
    const side = { value, open: operator === ">" || operator === "<" };
    if (operator === ">" || operator === ">=") hint.low = side;
    else if (operator === "<" || operator === "<=") hint.high = side;
    else if (value === "") hint.shortest = Math.max(hint.shortest ?? 0, 1);
  }
}

function likePattern(pattern: string): string {
  const source = pattern.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
  return `^${source.replaceAll("%", "[a-z]{0,3}").replaceAll("_", "[a-z]")}$`;
}

function ofLength(
  { name, items: [item] }: Extract<CheckNode, { readonly kind: "call" }>,
  operator: string,
  right: CheckNode,
  hint: (name: string) => Hint,
): void {
  const text = item?.kind === "call" && /^(?:btrim|lower|upper)$/.test(item.name)
    ? item.items[0]
    : item;
  if (text?.kind !== "column" || right.kind !== "literal") return;
  const found = hint(text.name);
  if (!/^(?:char_length|length|octet_length)$/.test(name)) {
    if (name === "btrim" && right.value === "") found.shortest = Math.max(found.shortest ?? 0, 1);
    return;
  }
  const length = Number(right.value);
  if (operator === "=") [found.shortest, found.longest] = [length, length];
  else if (operator === ">") found.shortest = length + 1;
  else if (operator === ">=") found.shortest = length;
  else if (operator === "<") found.longest = length - 1;
  else if (operator === "<=") found.longest = length;
}

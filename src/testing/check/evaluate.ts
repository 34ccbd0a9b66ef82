/** Tells whether a row keeps a check, as far as factories can. */
import type { CheckNode } from "./parse.ts";

/** A value as checks compare it. */
export type Plain = string | number | boolean | null;

/** Stands for what only the database knows. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** What an expression gives. */
export type Answer = Plain | typeof UNKNOWN;

/** Reads the columns of a row. */
export type Reader = (column: string) => Answer;

/** Gives what an expression is for a row; null is NULL, which a check lets pass. */
export function evaluate(node: CheckNode, read: Reader): Answer {
  switch (node.kind) {
    case "column":
      return read(node.name);
    case "literal":
      return node.value;
    case "list":
      return UNKNOWN;
    case "and":
      return connect(node.items.map((item) => evaluate(item, read)), false);
    case "or":
      return connect(node.items.map((item) => evaluate(item, read)), true);
    case "not": {
      const value = evaluate(node.item, read);
      return typeof value === "boolean" ? !value : value;
    }
    case "isNull": {
      const value = evaluate(node.item, read);
      return value === UNKNOWN ? UNKNOWN : (value === null) !== node.negated;
    }
    case "call":
      return called(node.name, node.items.map((item) => evaluate(item, read)));
    case "binary":
      return compared(node, read);
  }
}

/** And, or: one value decides, whatever the others are. */
function connect(values: readonly Answer[], decides: boolean): Answer {
  if (values.includes(decides)) return decides;
  if (values.includes(UNKNOWN)) return UNKNOWN;
  return values.includes(null) ? null : !decides;
}

const FUNCTIONS: Readonly<Record<string, (...values: readonly Plain[]) => Answer>> = {
  length: (text) => typeof text === "string" ? Array.from(text).length : UNKNOWN,
  char_length: (text) => typeof text === "string" ? Array.from(text).length : UNKNOWN,
  octet_length: (text) =>
    typeof text === "string" ? new TextEncoder().encode(text).length : UNKNOWN,
  lower: (text) => String(text).toLowerCase(),
  upper: (text) => String(text).toUpperCase(),
  btrim: (text) => String(text).replace(/^ +| +$/g, ""),
  abs: (value) => Math.abs(Number(value)),
  now: () => new Date().toISOString(),
};

function called(name: string, values: readonly Answer[]): Answer {
  if (name === "coalesce") return values.find((value) => value !== null) ?? null;
  if (values.includes(UNKNOWN)) return UNKNOWN;
  if (values.includes(null)) return null;
  const fn = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return fn === undefined ? UNKNOWN : fn(...values as readonly Plain[]);
}

type Binary = Extract<CheckNode, { readonly kind: "binary" }>;

function compared({ operator, left, right, over }: Binary, read: Reader): Answer {
  const one = evaluate(left, read);
  if (over === null) return operate(operator, one, evaluate(right, read));
  if (right.kind !== "list") return UNKNOWN;
  const each = right.items.map((item) => operate(operator, one, evaluate(item, read)));
  return connect(each, over === "any");
}

function operate(operator: string, left: Answer, right: Answer): Answer {
  if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
  if (left === null || right === null) return null;
  const order = orderOf(left, right);
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "+":
      return Number(left) + Number(right);
    case "-":
      return Number(left) - Number(right);
    case "*":
      return Number(left) * Number(right);
    case "%":
      return Number(left) % Number(right);
    case "||":
      return `${left}${right}`;
    default:
      return matches(operator, String(left), String(right));
  }
}

function orderOf(left: Plain, right: Plain): number {
  const isNumber = typeof left === "number" || typeof right === "number";
  const [one, other] = isNumber ? [Number(left), Number(right)] : [String(left), String(right)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function matches(operator: string, text: string, pattern: string): Answer {
  const negated = operator.startsWith("!");
  const bare = operator.replace("!", "");
  const flags = bare.endsWith("*") ? "iu" : "u";
  const source = bare.startsWith("~~") ? likeSource(pattern) : pattern;
  try {
    return new RegExp(source, flags).test(text) !== negated;
  } catch (error) {
    // PostgreSQL knows forms that JavaScript does not
    if (error instanceof SyntaxError) return UNKNOWN;
    throw error;
  }
}

function likeSource(pattern: string): string {
  const source = pattern.replace(
    /\\?[^]/g,
    (one) =>
      one === "%"
        ? "[^]*"
        : one === "_"
        ? "[^]"
        : one.slice(-1).replace(/[$()*+.?[\\\]^{|}/-]/, "\\$&"),
  );
  return `^${source}$`;
}

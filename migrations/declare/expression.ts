import { nameOf, tokensOf } from "../script/tokens.ts";

/**
 * Lists the columns that an expression names, in the order of the table.
 *
 * A name that a parenthesis follows is a function's; so is no column that is named as a function is
 * and stands before a list, as in `a in (1, 2)`, where the word between them is none of the columns.
 */
export function columnsNamedIn(expression: string, columns: readonly string[]): string[] {
  const known = new Set(columns);
  const found = new Set<string>();
  const tokens = [...tokensOf(expression)].filter((token) => token.kind !== "comment");
  tokens.forEach((token, index) => {
    if (token.kind !== "word" && token.kind !== "name") return;
    const next = tokens[index + 1];
    const isCall = next?.kind === "symbol" && expression[next.start] === "(";
    const name = nameOf(expression, token);
    if (!isCall && known.has(name)) found.add(name);
  });
  return columns.filter((column) => found.has(column));
}

import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/");

/** A linted file's path from the project's root, with `/`; a path outside of it stays as it is. */
export function projectPath(filename: string): string {
  const path = filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** The path from the root that a relative specifier of a file leads to. */
export function resolvePath(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** The text of a string literal or of a template without `${}`; undefined for anything else. */
export function literalText(node: Deno.lint.Node | null | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral" && node.expressions.length === 0) {
    return node.quasis[0]?.cooked;
  }
  return undefined;
}

/** An expression without the casts and `!` around it. */
export function withoutCasts(node: Deno.lint.Node): Deno.lint.Node {
  let inner = node;
  while (
    inner.type === "TSAsExpression" || inner.type === "TSNonNullExpression" ||
    inner.type === "TSSatisfiesExpression" || inner.type === "TSTypeAssertion"
  ) inner = inner.expression;
  return inner;
}

import type { Catalog } from "../../src/catalog/catalog.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import { nameOf, tokensOf } from "../../src/catalog/sql_tokens.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";

/** The SQL of an object that names what it needs. The body of a function is checked when it runs. */
function textsOf(
  object: CatalogObject,
): { readonly name: string; readonly sql: readonly string[] } {
  const name = identityOf(object);
  switch (object.kind) {
    case "column": {
      const expression = object.default ?? object.generated?.expression;
      return { name, sql: [object.formatted, ...(expression == null ? [] : [expression])] };
    }
    case "function":
    case "procedure":
      return { name, sql: [object.arguments, object.returns ?? ""] };
    case "domain":
      return {
        name,
        sql: [
          object.formatted,
          object.default ?? "",
          ...object.checks.map((one) => one.definition),
        ],
      };
    case "composite":
      return { name, sql: object.attributes.map((one) => one.formatted) };
    case "range":
      return { name, sql: [object.formatted, object.canonical ?? "", object.subtypeDiff ?? ""] };
    case "index":
      return { name, sql: [...object.keys.map((key) => key.expression ?? ""), object.where ?? ""] };
    case "policy":
      return { name, sql: [object.using ?? "", object.check ?? ""] };
    default:
      return { name, sql: "definition" in object ? [object.definition] : [] };
  }
}

/**
 * What objects need, found in their SQL, for a catalog of which no server told it: `schema.name` of a
 * table, view, sequence, type or routine of the catalog, also in a text such as `'schema.name'`.
 */
export function* needsByText(catalog: Catalog): Generator<readonly [string, string]> {
  const known = new Map<string, string[]>();
  for (const [name, object] of catalog.objects) {
    if (!("schema" in object) || !("name" in object) || "table" in object) continue;
    const key = JSON.stringify([object.schema, object.name]);
    const list = known.get(key);
    if (list === undefined) known.set(key, [name]);
    else list.push(name);
  }
  for (const object of catalog.objects.values()) {
    const { name, sql } = textsOf(object);
    for (const text of sql) {
      for (const key of namesIn(text)) {
        for (const needed of known.get(key) ?? []) if (needed !== name) yield [name, needed];
      }
    }
  }
}

function* namesIn(sql: string): Generator<string> {
  const tokens = tokensOf(sql);
  for (const [at, token] of tokens.entries()) {
    if (token.startsWith("'")) {
      const inner = tokensOf(token.slice(1, -1).replaceAll("''", "'"));
      if (inner.length === 3 && inner[1] === ".") yield* namesIn(inner.join(""));
    }
    if (token !== ".") continue;
    const [schema, name] = [nameOf(tokens[at - 1] ?? ""), nameOf(tokens[at + 1] ?? "")];
    if (schema !== null && name !== null) yield JSON.stringify([schema, name]);
  }
}

import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { identity, identityOf } from "../../src/catalog/identity.ts";
import { HELD_ON_RELATIONS } from "../../src/catalog/parent.ts";
import { nameOf, piecesOf, printed } from "../../src/catalog/sql_tokens.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Rename } from "./change.ts";

type Node = { readonly [key: string]: unknown };

/** What a rename does to the parts of an object, and to the SQL in it. */
interface Renaming {
  /** Changes one node of an object; `key` is where it stands. */
  readonly node: (node: Node, key: string) => Node;
  /** Changes SQL text. */
  readonly text: (sql: string, object: CatalogObject) => string;
}

/** The keys that hold SQL, names as the server prints them, or both. */
const SQL: ReadonlySet<string> = new Set([
  ...["definition", "expression", "default", "using", "check", "where", "bound", "formatted"],
  ...["returns", "arguments", "signature", "partitionBy", "canonical", "subtypeDiff", "completion"],
]);

/** The keys that hold a type, or the table of a statistics object. */
const TYPES: ReadonlySet<string> = new Set(["type", "base", "subtype", "ofType", "multirange"]);

/**
 * The catalog as it is after a rename: also in what refers to the object, as the server keeps
 * references up to date by itself. What stands in the text of a function's body stays.
 */
export function renamedCatalog(catalog: Catalog, rename: Rename): Catalog {
  const renaming = rename.label === null ? renamingOf(rename, catalog) : labelRenaming(rename);
  const identities = new Map<string, string>();
  const objects: CatalogObject[] = [];
  const own = identityOf(rename.before);
  for (const [name, object] of catalog.objects) {
    const after = name === own ? rename.after : walk(object, "", object, renaming) as CatalogObject;
    objects.push(after);
    const now = identityOf(after);
    if (now !== name) identities.set(name, now);
    if (now !== name && object.kind === "column") {
      identities.set(`default${name.slice(6)}`, `default${now.slice(6)}`);
    }
  }
  const dependencies = identities.size === 0 ? catalog.dependencies : new Map(
    Array.from(
      catalog.dependencies,
      ([from, needs]) =>
        [
          identities.get(from) ?? from,
          needs.map((one) => identities.get(one) ?? one),
        ] as const,
    ),
  );
  return makeCatalog(catalog.serverVersion, objects, dependencies);
}

function walk(value: unknown, key: string, object: CatalogObject, renaming: Renaming): unknown {
  if (typeof value === "string") return SQL.has(key) ? renaming.text(value, object) : value;
  if (Array.isArray(value)) return value.map((one) => walk(one, key, object, renaming));
  if (typeof value !== "object" || value === null) return value;
  const node = renaming.node(value as Node, key);
  return Object.fromEntries(
    Object.entries(node).map(([name, one]) => [name, walk(one, name, object, renaming)]),
  );
}

const same = (text: string): string => text;

function renamingOf({ before, after }: Rename, catalog: Catalog): Renaming {
  switch (before.kind) {
    case "schema":
      return schemaRenaming(before.name, (after as typeof before).name);
    case "table":
    case "view":
    case "materialized view":
      return relationRenaming(before, (after as typeof before).name);
    case "column":
      return columnRenaming(before, (after as typeof before).name, catalog);
    case "enum":
    case "domain":
    case "composite":
    case "range":
      return typeRenaming(before, (after as typeof before).name);
    case "sequence":
      return sequenceRenaming(before, (after as typeof before).name);
    case "index":
    case "constraint":
      return indexRenaming(before, (after as typeof before).name);
    default:
      return { node: (node) => node, text: same };
  }
}

function schemaRenaming(from: string, to: string): Renaming {
  return {
    node: (node, key) => {
      const place = node.schema === from ? { ...node, schema: to } : node;
      if (key !== "on" || pair(node.name)[0] !== from || FOREIGN.has(String(node.kind))) {
        return place;
      }
      const [, ...rest] = node.name as readonly string[];
      return { ...place, name: [to, ...rest] };
    },
    text: (sql) =>
      replaceTokens(
        sql,
        (pieces, at) => nameOf(pieces[at]!) === from && pieces[at + 1] === "." ? printed(to) : null,
      ),
  };
}

/** What a privilege may be on that is in no schema, beside schemas. */
const FOREIGN: ReadonlySet<string> = new Set(["foreign data wrapper", "foreign server"]);

interface Named {
  readonly schema: string;
  readonly name: string;
}

/** Replaces `schema.name`, `name.` where it qualifies a column, and `'schema.name'`. */
function nameInText(sql: string, { schema, name }: Named, to: string): string {
  const quoted = `'${printed(schema)}.${printed(name)}'`;
  return replaceTokens(sql, (pieces, at) => {
    const piece = pieces[at]!;
    if (piece === quoted) return `'${printed(schema)}.${printed(to)}'`;
    if (nameOf(piece) !== name) return null;
    if (pieces[at - 1] === ".") return nameOf(pieces[at - 2] ?? "") === schema ? printed(to) : null;
    return pieces[at + 1] === "." ? printed(to) : null;
  });
}

function relationRenaming(before: Named, to: string): Renaming {
  const isIt = (schema: unknown, name: unknown): boolean =>
    schema === before.schema && name === before.name;
  return {
    node: (node, key) => {
      if (isIt(node.schema, node.table)) return { ...node, table: to };
      if ((TYPES.has(key) || key === "table") && isIt(node.schema, node.name)) {
        return { ...node, name: to };
      }
      if (key === "on" && isIt(...pair(node.name))) {
        const [schema, , ...rest] = node.name as readonly string[];
        return HELD_ON_RELATIONS.has(String(node.kind))
          ? { ...node, name: [schema, to, ...rest] }
          : node;
      }
      return node;
    },
    text: (sql) => nameInText(sql, before, to),
  };
}

const pair = (name: unknown): [unknown, unknown] =>
  Array.isArray(name) ? [name[0], name[1]] : [undefined, undefined];

function columnRenaming(
  before: { readonly schema: string; readonly table: string; readonly name: string },
  to: string,
  catalog: Catalog,
): Renaming {
  const { schema, table, name } = before;
  const list = (names: unknown): unknown =>
    Array.isArray(names) ? names.map((one) => one === name ? to : one) : names;
  const column = identity("column", [schema, table, name]);
  const isOn = (node: Node): boolean => node.schema === schema && node.table === table;
  return {
    node: (node, key) => {
      if (key === "keys" && node.column === name) return node;
      if (key === "on" && (node.kind === "column" || node.kind === "identity")) {
        const [s, t, c] = node.name as readonly string[];
        return s === schema && t === table && c === name ? { ...node, name: [s, t, to] } : node;
      }
      if (!isOn(node)) return node;
      const changed: Record<string, unknown> = { ...node };
      if (key === "ownedBy" && node.column === name) changed.column = to;
      for (const names of ["columns", "include", "onDeleteColumns"]) {
        if (names in node) changed[names] = list(node[names]);
      }
      if (Array.isArray(node.keys)) {
        changed.keys = node.keys.map((one: Node) =>
          one.column === name ? { ...one, column: to } : one
        );
      }
      return changed;
    },
    text: (sql, object) => {
      const mine = "table" in object && object.schema === schema && object.table === table ||
        object.kind === "table" && object.schema === schema && object.name === table;
      const uses = catalog.dependencies.get(identityOf(object))?.includes(column) ?? false;
      if (!mine && !uses) return sql;
      return replaceTokens(
        sql,
        (pieces, at) => nameOf(pieces[at]!) === name && pieces[at + 1] !== "(" ? printed(to) : null,
      );
    },
  };
}

function typeRenaming(before: Named, to: string): Renaming {
  return {
    node: (node, key) =>
      TYPES.has(key) && node.schema === before.schema && node.name === before.name
        ? { ...node, name: to }
        : key === "on" && ["enum", "domain", "composite", "range"].includes(String(node.kind)) &&
            pair(node.name)[0] === before.schema && pair(node.name)[1] === before.name
        ? { ...node, name: [before.schema, to] }
        : node,
    text: (sql) => nameInText(sql, before, to),
  };
}

function sequenceRenaming(before: Named, to: string): Renaming {
  return {
    node: (node, key) =>
      key === "on" && node.kind === "sequence" && pair(node.name)[0] === before.schema &&
        pair(node.name)[1] === before.name
        ? { ...node, name: [before.schema, to] }
        : node,
    text: (sql) => nameInText(sql, before, to),
  };
}

function indexRenaming(before: Named & { readonly table: string }, to: string): Renaming {
  return {
    node: (node, key) => {
      if (key === "parent" && node.schema === before.schema && node.name === before.name) {
        return { ...node, name: to };
      }
      if (node.schema !== before.schema || node.name !== before.table) return node;
      const changed: Record<string, unknown> = { ...node };
      if (node.clusterOn === before.name) changed.clusterOn = to;
      const replica = node.replicaIdentity as Node | string | undefined;
      if (typeof replica === "object" && replica.index === before.name) {
        changed.replicaIdentity = { index: to };
      }
      return changed;
    },
    text: same,
  };
}

function labelRenaming({ before, label }: Rename): Renaming {
  const { schema, name } = before as CatalogObject & Named;
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return {
    node: (node) => node,
    // a label stands in expressions as 'label'::schema.type
    text: (sql) =>
      replaceTokens(
        sql,
        (pieces, at) =>
          pieces[at] === quoted(label!.from) && pieces[at + 1] === ":" && pieces[at + 2] === ":" &&
            nameOf(pieces[at + 3] ?? "") === schema && nameOf(pieces[at + 5] ?? "") === name
            ? quoted(label!.to)
            : null,
      ),
  };
}

function replaceTokens(
  sql: string,
  change: (pieces: readonly string[], at: number) => string | null,
): string {
  const pieces = piecesOf(sql);
  return pieces.map((piece, at) => change(pieces, at) ?? piece).join("");
}

/** What users write as `old:new`, as hints of a diff. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import type { RenameHint } from "../diff/hints.ts";

/** Something of the live database that a text may name. */
interface Candidate {
  readonly hint: RenameHint["kind"];
  /** Its names from the schema on. */
  readonly path: readonly string[];
  readonly object: CatalogObject;
}

const WHOLES: Readonly<Record<string, RenameHint["kind"]>> = {
  "schema": "schema",
  "table": "table",
  "view": "view",
  "materialized view": "materialized view",
  "sequence": "sequence",
  "enum": "type",
  "domain": "type",
  "composite": "type",
  "range": "type",
};
const PARTS: ReadonlySet<string> = new Set(["column", "constraint", "index", "trigger", "policy"]);

const KINDS: readonly string[] = [...new Set(Object.values(WHOLES)), ...PARTS, "label"];

/**
 * Turns texts such as `orders:purchases`, `orders.mail:email`, `mood.sad:unhappy` and
 * `index orders.a_idx:b_idx` into hints. A name that holds a dot, a colon or a quote stands in double
 * quotes; without a schema it is in `public`.
 *
 * @throws {MigrationError} a text names nothing of the live catalog, or several things
 */
export function renameHints(
  texts: readonly string[],
  live: Catalog,
  declared: Catalog,
): RenameHint[] {
  const asked = texts.map(readRename);
  const candidates = candidatesOf(live);
  const hints: RenameHint[] = [];
  const tables = new Map<string, string>();
  // tables and types first: the names of their parts lead through their new ones
  const ordered = [...asked].sort((a, b) => a.from.length - b.from.length);
  for (const one of ordered) {
    const matches = candidates.filter(({ hint, path }) =>
      (one.kind === null || one.kind === hint) && isPath(one.from, path)
    );
    if (matches.length === 0) throw nothingOf(one, candidates);
    const fitting = matches.filter((match) => isDeclared(match, one.to, declared, tables));
    const chosen = fitting.length === 0 ? matches.slice(0, 1) : fitting;
    if (chosen.length > 1) throw several(one, chosen);
    const [{ hint, path }] = chosen as [Candidate];
    hints.push(hintOf(hint, path, one.to));
    if (hint === "table" || hint === "type") tables.set(JSON.stringify(path), one.to);
  }
  return hints;
}

interface Asked {
  readonly text: string;
  readonly kind: string | null;
  readonly from: readonly string[];
  /** The new name alone. */
  readonly to: string;
}

function readRename(text: string): Asked {
  const kind = KINDS.find((one) => text.startsWith(`${one} `)) ?? null;
  const rest = kind === null ? text : text.slice(kind.length + 1).trim();
  const sides = splitOutside(rest, ":").map((side) => splitOutside(side, ".").map(unquoted));
  const [from, to] = sides;
  const isWhole = sides.length === 2 && sides.flat().every((name) => name !== "");
  if (!isWhole) {
    throw new MigrationError(`Cannot read the rename ${JSON.stringify(text)}`, {
      code: "invalid_rename",
      hint: "Write old:new, such as orders.mail:email or public.orders:purchases; " +
        'a name with a dot or colon stands in double quotes: "odd.name":plain',
    });
  }
  return { text, kind, from: from!, to: to!.at(-1)! };
}

/** Splits a text where a character stands outside of double quotes. */
function splitOutside(text: string, at: string): string[] {
  const parts = [""];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === at && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function unquoted(name: string): string {
  const bare = name.trim();
  return /^".+"$/s.test(bare) ? bare.slice(1, -1).replaceAll('""', '"') : bare;
}

function candidatesOf(live: Catalog): Candidate[] {
  return [...live.objects.values()].flatMap((object): Candidate[] => {
    if (object.extension !== null || !("name" in object)) return [];
    const schema = "schema" in object && object.schema !== null ? [object.schema] : [];
    const whole = WHOLES[object.kind];
    if (whole !== undefined) {
      const own: Candidate = { hint: whole, path: [...schema, object.name], object };
      if (object.kind !== "enum") return [own];
      return [
        own,
        ...object.labels.map((label): Candidate => ({
          hint: "label",
          path: [...own.path, label],
          object,
        })),
      ];
    }
    if (!PARTS.has(object.kind)) return [];
    const { table } = object as { readonly table: string };
    const hint = object.kind as RenameHint["kind"];
    return [{ hint, path: [...schema, table, object.name], object }];
  });
}

/** Whether names mean a path: all of it, or without the schema `public`. */
function isPath(names: readonly string[], path: readonly string[]): boolean {
  const text = JSON.stringify(names);
  return text === JSON.stringify(path) ||
    path[0] === "public" && path.length > 1 && text === JSON.stringify(path.slice(1));
}

/** Whether the declaration has the new name, of the same kind and in the same place. */
function isDeclared(
  { hint, path, object }: Candidate,
  to: string,
  declared: Catalog,
  renamed: ReadonlyMap<string, string>,
): boolean {
  const place = renamed.get(JSON.stringify(path.slice(0, -1)));
  if (hint === "label") {
    const name = place ?? path[1]!;
    const after = declared.objects.get(identityOf({ ...object, name } as CatalogObject));
    return after?.kind === "enum" && after.labels.includes(to);
  }
  const moved = place === undefined || !("table" in object) ? {} : { table: place };
  return declared.objects.has(identityOf({ ...object, ...moved, name: to } as CatalogObject));
}

function hintOf(kind: RenameHint["kind"], path: readonly string[], to: string): RenameHint {
  const from = path.at(-1)!;
  const [schema = "", second = ""] = path;
  switch (kind) {
    case "schema":
      return { kind, from, to };
    case "label":
      return { kind, schema, type: second, from, to };
    case "column":
    case "constraint":
    case "index":
    case "trigger":
    case "policy":
      return { kind, schema, table: second, from, to };
    default:
      return { kind, schema, from, to };
  }
}

function nothingOf({ text, from }: Asked, candidates: readonly Candidate[]): MigrationError {
  const written = (path: readonly string[]) =>
    (path[0] === "public" && from.length < path.length ? path.slice(1) : path).join(".");
  const guess = nearest(from.join("."), candidates.map(({ path }) => written(path)));
  return new MigrationError(
    `Cannot rename ${JSON.stringify(from.join("."))}: the database has nothing of that name`,
    {
      code: "rename_matches_nothing",
      hint: guess === undefined
        ? "Name the old name of the database and the new one of the declaration"
        : `Did you mean ${guess}?`,
      context: { rename: text },
    },
  );
}

function several({ text, from }: Asked, found: readonly Candidate[]): MigrationError {
  const kinds = found.map(({ hint }) => hint);
  return new MigrationError(
    `Cannot rename ${JSON.stringify(from.join("."))}: it is a ${kinds.join(" and a ")}`,
    {
      code: "ambiguous_rename",
      hint: `Say which: "${kinds[0]} ${text}"`,
    },
  );
}

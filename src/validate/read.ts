/** What is wrong with a value of a row that was read. */
import type { Issue } from "../errors/base.ts";
import { kindOf } from "../codec/refuse.ts";
import type { FieldSpec } from "../schema/spec.ts";
import { valueIssues } from "./value.ts";

type Path = readonly PropertyKey[];

/** What a type's values are when they are read, where a write takes more than that. */
const READ: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  int8: (value) => typeof value === "bigint" ? undefined : "a bigint",
  numeric: (value) => typeof value === "string" ? undefined : "a string",
  timestamptz: (value) => value instanceof Date ? undefined : "a Date",
  timestamp: (value) => value instanceof Date ? undefined : "a Date",
  date: (value) => typeof value === "string" ? undefined : "a string",
  interval: (value) => typeof value === "string" ? undefined : "a string",
  vector: (value) => Array.isArray(value) ? undefined : "an array of numbers",
  halfvec: (value) => Array.isArray(value) ? undefined : "an array of numbers",
};

/** Lists what is wrong with a value of a row as it is read. */
export function readIssues(spec: FieldSpec, value: unknown, nullable: boolean): Issue[] {
  if (value === undefined) return [{ path: [], message: "it is missing" }];
  // JSON has a null of its own, which a column that cannot be NULL may hold
  const isJson = spec.kind === "json" && spec.schema === undefined;
  if (value === null) return nullable || isJson ? [] : [{ path: [], message: "it cannot be null" }];
  const issues = readFaults(spec, value, []);
  return issues.length > 0 ? issues : valueIssues(spec, value, []);
}

function readFaults(spec: FieldSpec, value: unknown, path: Path): Issue[] {
  if (value === null) return [];
  const { parts, codec } = spec;
  if (parts !== undefined) return readers[parts.kind](parts as never, value, path);
  const name = codec?.name ?? "";
  const wanted = Object.hasOwn(READ, name) ? READ[name]!(value) : undefined;
  if (wanted === undefined) return [];
  return [{ path, message: `a row has ${wanted} here, got ${kindOf(value)}` }];
}

type Parts = NonNullable<FieldSpec["parts"]>;

const readers: {
  readonly [Kind in Parts["kind"]]: (
    parts: Extract<Parts, { readonly kind: Kind }>,
    value: unknown,
    path: Path,
  ) => Issue[];
} = {
  domain: ({ base }, value, path) => readFaults(base, value, path),
  array: ({ item }, value, path) =>
    listOf(value).flatMap((one, place) => readFaults(item, one, [...path, place])),
  composite: ({ attributes }, value, path) =>
    attributes.flatMap(([name, spec]) => readFaults(spec, entry(value, name), [...path, name])),
  range: ({ bound }, value, path) => rangeFaults(bound, value, path),
  multirange: ({ bound }, value, path) =>
    listOf(value).flatMap((one, place) => rangeFaults(bound, one, [...path, place])),
};

function rangeFaults(bound: FieldSpec, value: unknown, path: Path): Issue[] {
  const edges = ["lower", "upper"] as const;
  const issues = edges.flatMap((name) => readFaults(bound, entry(value, name), [...path, name]));
  if (issues.length > 0 || typeof value !== "object") return issues;
  const missing = [...edges, "lowerInclusive", "upperInclusive", "empty"]
    .find((name) => entry(value, name) === undefined);
  return missing === undefined ? [] : [{ path: [...path, missing], message: "it is missing" }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An entry of what may be an object; null where there is none to judge. */
function entry(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return null;
  return Reflect.get(value, name);
}

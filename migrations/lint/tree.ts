/** Reading the syntax trees of PostgreSQL's parser: plain objects, where what is false, 0 or empty is left out. */

/** A part of a syntax tree. */
export type Tree = Readonly<Record<string, unknown>>;

/** A part whose kind stands before it: `{ ColumnDef: { ... } }`. */
export interface Node {
  /** The kind, such as `ColumnDef`. */
  readonly kind: string;
  /** Its parts. */
  readonly tree: Tree;
}

const NOTHING: Tree = {};

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a part whose kind stands before it; null where there is none. */
export function asNode(value: unknown): Node | null {
  if (!isTree(value)) return null;
  const [kind, ...others] = Object.keys(value);
  if (kind === undefined || others.length > 0) return null;
  const tree = value[kind];
  return isTree(tree) ? { kind, tree } : null;
}

/** The part of a name, with its kind; null where it is not there. */
export function node(tree: Tree, name: string): Node | null {
  return asNode(tree[name]);
}

/** The part of a name, which has no kind before it; empty where it is not there. */
export function part(tree: Tree, name: string): Tree {
  const value = tree[name];
  return isTree(value) ? value : NOTHING;
}

/** The parts of a list. */
export function nodes(tree: Tree, name: string): Node[] {
  const value = tree[name];
  return Array.isArray(value) ? value.map(asNode).filter((one) => one !== null) : [];
}

/** A text of a tree; empty where it is not there. */
export function text(tree: Tree, name: string): string {
  const value = tree[name];
  return typeof value === "string" ? value : "";
}

/** Whether a flag of a tree is set. */
export function flag(tree: Tree, name: string): boolean {
  return tree[name] === true;
}

/** Whether a tree has a part. */
export function has(tree: Tree, name: string): boolean {
  return tree[name] !== undefined;
}

/** The names in a list of names, such as those before and behind a dot. */
export function namesOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.map(asNode).flatMap((one) => one?.kind === "String" ? [text(one.tree, "sval")] : []);
}

/** Visits all parts of a tree whose kind stands before them, from the outside. */
export function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const one of value) yield* walk(one);
    return;
  }
  if (!isTree(value)) return;
  const one = asNode(value);
  // kinds are capitalized, names of parts are not
  if (one !== null && /^[A-Z]/.test(one.kind)) yield one;
  for (const inner of Object.values(value)) yield* walk(inner);
}

/** A relation as it is written, without a `public` that says nothing. */
export function relationName(tree: Tree): string {
  return joined([text(tree, "schemaname"), text(tree, "relname")]);
}

/** Names with dots between them, as they are compared. */
export function joined(names: readonly string[]): string {
  const said = names.filter((name) => name !== "");
  return (said.length > 1 && said[0] === "public" ? said.slice(1) : said).join(".");
}

/** The objects that a list names. */
export function objectNames(tree: Tree, list = "objects"): string[] {
  return nodes(tree, list).map(({ kind, tree: one }) => {
    if (kind === "List") return joined(namesOf(one.items));
    if (kind === "TypeName") return joined(namesOf(one.names));
    if (kind === "ObjectWithArgs") return joined(namesOf(one.objname));
    if (kind === "RangeVar") return relationName(one);
    return text(one, "sval");
  });
}

/** Whether an option of a list in parentheses is on. */
export function optionOn(tree: Tree, list: string, name: string): boolean {
  return nodes(tree, list).some(({ tree: one }) => {
    if (text(one, "defname") !== name) return false;
    const value = node(one, "arg");
    if (value === null) return true;
    const said = value.kind === "Boolean"
      ? flag(value.tree, "boolval")
      : !["false", "off", "0"].includes(text(value.tree, "sval").toLowerCase());
    return value.kind === "Integer" ? Number(value.tree.ival ?? 0) !== 0 : said;
  });
}

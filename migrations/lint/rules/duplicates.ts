/** Columns that a statement names twice: PostgreSQL refuses it when it runs. */
import { namesOf, node, nodes, part, text, type Tree, walk } from "../tree.ts";

/** The names of which a list has more than one. */
function twice(names: readonly (string | null)[]): string[] {
  const said = names.filter((name) => name !== null);
  return [...new Set(said.filter((name, at) => said.indexOf(name) !== at))];
}

/** A column, or a part of one: the whole of it excludes every part. */
function assigned(targets: Tree, list: string): string[] {
  const places = nodes(targets, list).map(({ tree }) => ({
    name: text(tree, "name"),
    path: [text(tree, "name"), ...namesOf(tree.indirection)].join("."),
    // an element of an array is not told from another
    isElement: nodes(tree, "indirection").some(({ kind }) => kind !== "String"),
  })).filter(({ isElement }) => !isElement);
  const wholes = new Set(places.filter(({ name, path }) => name === path).map(({ name }) => name));
  const clashes = places.filter(({ name, path }) => name !== path && wholes.has(name));
  return [
    ...new Set([...twice(places.map(({ path }) => path)), ...clashes.map((one) => one.name)]),
  ];
}

/** The name that a column of a query gets; null = it takes more to know it. */
function outputName(target: Tree): string | null {
  const given = text(target, "name");
  if (given !== "") return given;
  const value = node(target, "val");
  if (value?.kind === "ColumnRef") return namesOf(value.tree.fields).at(-1) ?? null;
  if (value?.kind === "FuncCall") return namesOf(value.tree.funcname).at(-1) ?? null;
  return value?.kind === "A_Const" || value?.kind === "A_Expr" ? "?column?" : null;
}

function outputNames(query: Tree): string[] {
  const select = node(query, "query") ?? { kind: "SelectStmt", tree: query };
  return select.kind === "SelectStmt"
    ? twice(nodes(select.tree, "targetList").map(({ tree }) => outputName(tree)))
    : [];
}

const columnsOf = (tree: Tree): string[] =>
  twice(
    nodes(tree, "tableElts").filter(({ kind }) => kind === "ColumnDef")
      .map(({ tree: column }) => text(column, "colname")),
  );

const LISTS: Readonly<Record<string, (tree: Tree) => string[]>> = {
  UpdateStmt: (tree) => assigned(tree, "targetList"),
  InsertStmt: (tree) => [
    ...assigned(tree, "cols"),
    ...assigned(part(tree, "onConflictClause"), "targetList"),
  ],
  MergeWhenClause: (tree) => assigned(tree, "targetList"),
  CreateStmt: columnsOf,
  CreateForeignTableStmt: (tree) => columnsOf(part(tree, "base")),
  ViewStmt: (tree) => nodes(tree, "aliases").length > 0 ? [] : outputNames(tree),
  CreateTableAsStmt: (tree) =>
    nodes(part(tree, "into"), "colNames").length > 0 ? [] : outputNames(tree),
  SelectStmt: (tree) => "intoClause" in tree ? outputNames(tree) : [],
};

/** The columns that a statement, or a part of it, names twice. */
export function duplicatesIn(statement: unknown): string[] {
  return [...walk(statement)].flatMap(({ kind, tree }) => LISTS[kind]?.(tree) ?? []);
}

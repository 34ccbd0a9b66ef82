/** Which cached tables a write changes: its own, and those that the database changes along. */
import { tableName, type Written } from "../../cache/group.ts";
import type { Told } from "../../cache/notice.ts";
import type { ReferentialAction } from "../../catalog/constraints.ts";
import type { Rows } from "../../driver/port.ts";
import { declaredCount, declaredModels } from "../../schema/declared.ts";
import type { ModelMeta } from "../../schema/meta.ts";
import { metaOf } from "../../schema/meta.ts";
import type { ReferenceSpec } from "../../schema/spec.ts";
import type { KeyTexts, Touch } from "./contract.ts";
import { keyText } from "./keys.ts";

/** A table, and the models that were declared over it. */
interface Node {
  readonly schema: string | null;
  readonly table: string;
  readonly metas: ModelMeta[];
  readonly edges: Edge[];
  /** Parents, children and partitions, whose rows it shares. */
  readonly family: Set<Node>;
}

/** A table whose rows the database changes when those of another one are. */
interface Edge {
  readonly from: Node;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** The columns that are referenced; null where that is not known. */
  readonly remote: readonly string[] | null;
}

/** A table that a write changes; its keys may be known only when the answer is there. */
export interface Affected {
  readonly schema: string | null;
  readonly table: string;
  /** The columns of its key, as all models of the table say it; null where they do not. */
  readonly columns: readonly string[] | null;
  readonly keys: Touch["keys"];
  /** The rows are new: no process has them in its cache. */
  readonly inserted: boolean;
}

/** A table that was written, and the keys of its rows; null for any of them. */
export interface TableChange extends Omit<Affected, "keys"> {
  readonly keys: readonly KeyTexts[] | null;
}

const ACTIVE: ReadonlySet<ReferentialAction> = new Set(["cascade", "set null", "set default"]);

/** The tables of all declared models. */
export class TableGraph {
  readonly #byTable = new Map<string, Node[]>();
  /** Children of tables that could not be resolved yet: any delete may concern them. */
  readonly #loose: Edge[] = [];
  /** How many models were declared when it was made. */
  readonly declared: number = declaredCount();

  /** Whether every foreign key could be followed. */
  get complete(): boolean {
    return this.#loose.length === 0;
  }

  /** Follows the foreign keys of all models that were declared up to now. */
  constructor() {
    const metas = declaredModels();
    for (const meta of metas) this.#node(meta.schema, meta.table).metas.push(meta);
    for (const meta of metas) {
      const node = this.#node(meta.schema, meta.table);
      for (const [reference, fields] of referencesOf(meta)) this.#follow(node, reference, fields);
      for (const [schema, table] of relativesOf(meta)) {
        const other = this.#node(schema, table);
        node.family.add(other);
        other.family.add(node);
      }
    }
  }

  /** The tables that a write changes and of which a model may be cached. */
  affected(touch: Touch, isCached: (meta: ModelMeta) => boolean): Affected[] {
    const found = new Map<string, Affected>();
    const seen = new Set<string>();
    const visit = (node: Node, { kind, keys, columns }: Omit<Touch, "schema" | "table">): void => {
      const name = tableName(node.schema, node.table);
      const once = `${name} ${kind} ${keys === null}`;
      if (seen.has(once)) return;
      seen.add(once);
      const cached = node.metas.filter(isCached);
      const key = keyOf(node);
      if (cached.length > 0) {
        const { schema, table } = node;
        const known = key === null ? null : keys;
        const own = { schema, table, columns: key, keys: known, inserted: kind === "insert" };
        const present = found.get(name);
        if (present === undefined || present.inserted) found.set(name, own);
        else if (!own.inserted) found.set(name, { ...own, keys: null });
      }
      for (const other of node.family) {
        visit(other, { kind, keys: hasKeyOf(node, other) ? keys : null, columns });
      }
      if (kind === "insert") return;
      for (const edge of [...node.edges, ...this.#loose]) {
        const deletes = kind !== "update" && ACTIVE.has(edge.onDelete);
        const updates = kind !== "delete" && ACTIVE.has(edge.onUpdate) &&
          (columns === null || edge.remote === null ||
            edge.remote.some((name) => columns.includes(name)));
        if (deletes && edge.onDelete === "cascade") {
          visit(edge.from, { kind: "any", keys: null, columns: null });
        } else if (deletes || updates) {
          visit(edge.from, { kind: "update", keys: null, columns: null });
        }
      }
    };
    const nodes = this.#matching(touch.schema, touch.table);
    const own = nodes.find(({ schema }) => schema === touch.schema);
    for (const node of nodes) visit(node, hasKeyOf(own, node) ? touch : { ...touch, keys: null });
    return [...found.values()];
  }

  /** What is void in this process by a change that another one tells of: rows of the table and of its family. */
  told({ schema, table, columns, keys }: Told): TableChange[] {
    const found = new Map<Node, TableChange>();
    const visit = (node: Node): void => {
      if (found.has(node)) return;
      const key = keyOf(node);
      const same = columns !== null && key !== null && isSameKey(columns, key);
      const known = same ? keys : null;
      found.set(node, {
        schema: node.schema,
        table: node.table,
        columns: key,
        keys: known,
        inserted: false,
      });
      for (const other of node.family) visit(other);
    };
    for (const node of this.#matching(schema, table)) visit(node);
    return [...found.values()];
  }

  #follow(
    node: Node,
    { target, options }: ReferenceSpec,
    fields: readonly string[] | null,
  ): void {
    if (options.constraint === false) return;
    const actions = {
      from: node,
      onDelete: options.onDelete ?? "no action",
      onUpdate: options.onUpdate ?? "no action",
    } as const;
    if (!ACTIVE.has(actions.onDelete) && !ACTIVE.has(actions.onUpdate)) return;
    let meta: ModelMeta;
    try {
      meta = metaOf(target());
    } catch {
      // modules that import each other are still loading: until they are, any table may be meant
      this.#loose.push({ ...actions, remote: null });
      return;
    }
    for (const one of this.#matching(meta.schema, meta.table)) {
      const remote = fields?.map((field) => meta.column(field)) ?? meta.primaryKey;
      one.edges.push({ ...actions, remote: remote.map(({ name }) => name) });
    }
  }

  #node(schema: string | null, table: string): Node {
    let nodes = this.#byTable.get(table);
    if (nodes === undefined) this.#byTable.set(table, nodes = []);
    let node = nodes.find((one) => one.schema === schema);
    if (node === undefined) {
      node = { schema, table, metas: [], edges: [], family: new Set() };
      nodes.push(node);
    }
    return node;
  }

  /** A table without a schema may be that of any. */
  #matching(schema: string | null, table: string): Node[] {
    return (this.#byTable.get(table) ?? [])
      .filter((node) => schema === null || node.schema === null || node.schema === schema);
  }
}

/** A foreign key, and the properties that it references; null for the primary key. */
type Referenced = readonly [ReferenceSpec, readonly string[] | null];

/** The foreign keys of a model: of single columns, and of several. */
function referencesOf(meta: ModelMeta): Referenced[] {
  const single = meta.columns.flatMap(({ spec: { reference } }): Referenced[] => {
    if (reference === null) return [];
    const { toField } = reference.options;
    return [[reference, toField === undefined ? null : [toField]]];
  });
  const composite = [...meta.relations.values()].flatMap((spec): Referenced[] =>
    spec.relation === "fk" ? [[spec.reference, spec.toFields]] : []
  );
  return [...single, ...composite];
}

/** The tables that share rows with that of a model. */
function relativesOf({ schema, options }: ModelMeta): (readonly [string | null, string])[] {
  const partitions = (options.partitions ?? []).flatMap(
    function all(one): [string | null, string][] {
      return [[one.schema ?? schema, one.table], ...(one.partitions ?? []).flatMap(all)];
    },
  );
  return [...options.inherits ?? [], ...partitions];
}

/** The columns of the key of a table's rows, as its models say it; null where they differ or there is none. */
function keyOf({ metas: [first, ...others] }: Node): readonly string[] | null {
  const key = first?.primaryKey.map(({ name }) => name) ?? [];
  if (key.length === 0) return null;
  const same = others.every((meta) => isSameKey(key, meta.primaryKey.map(({ name }) => name)));
  return same ? key : null;
}

/** Whether two keys are over the same columns in the same order. */
function isSameKey(a: readonly string[], b: readonly string[] | null): boolean {
  return b !== null && a.length === b.length && a.every((name, index) => name === b[index]);
}

/** Whether the keys of one table's rows are those of the other's: the columns have the same names. */
function hasKeyOf(node: Node | undefined, other: Node): boolean {
  if (node === undefined) return false;
  const key = keyOf(node);
  return node === other || (key !== null && isSameKey(key, keyOf(other)));
}

/** What a statement has changed; without its answer, any rows of what it may change. */
export function changesBy(affected: readonly Affected[], rows: Rows | null): TableChange[] {
  return affected.map(({ keys, ...change }) => ({
    ...change,
    keys: typeof keys === "function" ? rows === null ? null : keys(rows) : keys,
  }));
}

/** What of the caches is void by changes. */
export function writtenBy(changes: readonly TableChange[]): Written[] {
  return changes.map(({ schema, table, keys }) => ({
    table: tableName(schema, table),
    keys: keys?.map(keyText) ?? null,
  }));
}

import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import { identity } from "../../src/catalog/identity.ts";
import type {
  CatalogObject,
  IndexObject,
  SequenceObject,
  TableObject,
} from "../../src/catalog/types.ts";
import { attachIndex } from "../ddl/indexes.ts";
import { catchUp, ownedBy } from "../ddl/sequences.ts";
import { joinParents, leaveParents, tableIndexes } from "../ddl/tables.ts";
import { viewCluster } from "../ddl/views.ts";
import { CHANGES, DROPS, type Workbench } from "./node.ts";
import { relationObject } from "./world.ts";

/** Adds the work that waits for others: owners of sequences, partitions, what a table says of its indexes. */
export class Finishing {
  readonly #work: Workbench;

  constructor(work: Workbench) {
    this.#work = work;
  }

  /** What is said of an object once others are there. */
  one(name: string, object: CatalogObject): void {
    const { live, fates } = this.#work.world;
    const fate = fates.get(name);
    const before = live.catalog.objects.get(name);
    const isNew = fate === "create" || fate === "rebuild";
    if (object.kind === "table") {
      const old = before?.kind === "table" && !isNew ? before : null;
      this.#indexesOf(name, object, old);
      this.#parentsOf(name, object, old);
    } else if (object.kind === "materialized view") {
      const had = !isNew && before?.kind === object.kind ? before.clusterOn : null;
      if (this.#stillThere(object, had) !== object.clusterOn) {
        this.#work.add("finish", "alter", name, [CHANGES, 80], () => [viewCluster(object)]);
      }
    } else if (object.kind === "sequence") {
      const had = !isNew && before?.kind === "sequence" ? before.ownedBy : null;
      if (JSON.stringify(had) !== JSON.stringify(object.ownedBy)) this.#own(name, object);
    } else if (object.kind === "index" && isNew && object.parent !== null) {
      this.#attach(name, object, object.parent);
    } else if (object.kind === "constraint" && isNew) this.#attachKey(name, object);
  }

  #own(name: string, sequence: SequenceObject): void {
    this.#work.add("finish", "alter", name, [CHANGES, 80], () => [
      ownedBy(sequence),
      ...this.#caughtUp(name, sequence),
    ]);
  }

  // A new sequence of a column that has rows goes on after them.
  #caughtUp(name: string, { ownedBy: owner, options, schema, name: own }: SequenceObject) {
    if (owner === null || this.#work.world.live.catalog.objects.has(name)) return [];
    const table = identity("table", [owner.schema, owner.table]);
    const column = identity("column", [owner.schema, owner.table, owner.column]);
    const had = this.#work.world.live.catalog.objects.get(column);
    const isNumber = had?.kind === "column" && /^int[248]$/.test(had.type.name);
    if (!this.#work.target.isOld(table) || !isNumber) return [];
    return [catchUp({ schema, name: own }, owner, options, table)];
  }

  /** The index that a table names, unless it goes or is made again in this plan. */
  #stillThere(
    table: { readonly schema: string; readonly name: string },
    index: string | null,
  ): string | null {
    if (index === null) return null;
    const { fates, live } = this.#work.world;
    for (const kind of ["index", "constraint"] as const) {
      const name = identity(kind, [table.schema, table.name, index]);
      const fate = fates.get(name);
      if (live.catalog.objects.has(name)) {
        return fate === "drop" || fate === "rebuild" ? null : index;
      }
    }
    return index;
  }

  #indexesOf(name: string, table: TableObject, old: TableObject | null): void {
    const replica = old === null
      ? "default" as const
      : typeof old.replicaIdentity === "string"
      ? old.replicaIdentity
      : this.#stillThere(table, old.replicaIdentity.index) === null
      ? "nothing" as const
      : old.replicaIdentity;
    const had = {
      replicaIdentity: replica,
      clusterOn: this.#stillThere(table, old?.clusterOn ?? null),
    };
    const statements = tableIndexes(table, had);
    if (statements.length > 0) {
      this.#work.add("finish", "alter", name, [CHANGES, 80], () => statements);
    }
  }

  #parentsOf(name: string, table: TableObject, old: TableObject | null): void {
    const alone = { inherits: [], partitionOf: null };
    const rejoins = this.#work.torn.rejoined.has(name);
    if (old !== null) {
      const leaving = leaveParents(old, rejoins ? { ...table, ...alone } : table);
      if (leaving.length > 0) this.#work.add("leave", "alter", name, [DROPS, 20], () => leaving);
    }
    const joined = old === null
      // CREATE TABLE says what it inherits
      ? { ...alone, inherits: table.inherits }
      : rejoins
      ? alone
      : old;
    const joining = joinParents(joined, table, this.#work.target);
    if (joining.length > 0) this.#work.add("join", "alter", name, [CHANGES, 81], () => joining);
  }

  /** Whether a table becomes a partition in this plan, which ties equal indexes by itself. */
  #joins(part: { readonly schema: string; readonly table: string }): boolean {
    return this.#work.nodes.has(`join ${identity("table", [part.schema, part.table])}`);
  }

  #attach(
    name: string,
    index: IndexObject,
    parent: { readonly schema: string; readonly name: string },
  ): void {
    const { live } = this.#work.world;
    const table = identity("table", [index.schema, index.table]);
    const had = live.catalog.objects.get(table);
    if (had?.kind !== "table" || had.partitionOf === null || this.#joins(index)) return;
    const node = this.#work.add("finish", "alter", name, [CHANGES, 82], () => [
      attachIndex(parent, index),
    ]);
    for (const other of this.#work.nodes.values()) {
      const object = this.#work.world.target.catalog.objects.get(other.object);
      if (
        object?.kind === "index" && object.schema === parent.schema && object.name === parent.name
      ) {
        if (other.id.startsWith("create ")) node.after.add(other.id);
      }
    }
  }

  #attachKey(name: string, key: ConstraintObject): void {
    if (key.local || !("indexComment" in key) || this.#joins(key)) return;
    const table = relationObject(key, this.#work.world.target);
    if (table?.kind !== "table" || table.partitionOf === null) return;
    const { schema, table: parent } = table.partitionOf;
    const own = "columns" in key ? key.columns.join("\0") : key.definition;
    const of = this.#work.world.target.parts(identity("table", [schema, parent]))
      .map((one) => this.#work.world.target.catalog.objects.get(one)!)
      .find((one): one is ConstraintObject =>
        one.kind === "constraint" && one.type === key.type &&
        ("columns" in one ? one.columns.join("\0") : one.definition) === own
      );
    if (of === undefined) return;
    const node = this.#work.add(
      "finish",
      "alter",
      name,
      [CHANGES, 82],
      () => [attachIndex(of, key)],
    );
    node.after.add(`create ${identity("constraint", [of.schema, of.table, of.name])}`);
  }

  /** Frees the sequences that stay from a column that goes for a while. */
  sequencesOfTorn(): void {
    const { live, fates, target } = this.#work.world;
    for (const [name, object] of live.catalog.objects) {
      if (object.kind !== "sequence" || object.ownedBy === null) continue;
      const { schema, table, column } = object.ownedBy;
      const owner = identity("column", [schema, table, column]);
      const fate = fates.get(owner);
      if (fate !== "drop" && fate !== "rebuild") continue;
      const after = target.catalog.objects.get(name);
      if (after?.kind !== "sequence" || fates.get(name) === "drop") continue;
      const free = this.#work.add("free", "alter", name, [DROPS, 0], () => [
        ownedBy({ ...object, ownedBy: null }),
      ]);
      this.#work.nodes.get(`drop ${owner}`)?.after.add(free.id);
      if (after.ownedBy !== null) this.#own(name, after);
    }
  }
}

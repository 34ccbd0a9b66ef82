import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { CatalogObject, ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { isBuiltInOnly, usingClause } from "../ddl/casts.ts";
import { isRetyped, retype, valueTypes } from "../ddl/column_type.ts";
import { setDefault, withoutStorage } from "../ddl/columns.ts";
import { indexComment } from "../ddl/constraints.ts";
import type { Surroundings } from "../ddl/ddl_kind.ts";
import { alterStatements, createStatements, dropStatements, type Ownership } from "../ddl/ddl.ts";
import { commentStatement } from "../ddl/make.ts";
import { ident } from "../ddl/quote.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import { asideOf, putAside } from "./aside.ts";
import { grantedAnew, openedUp } from "./default_privileges.ts";
import { bringsNulls, comesAlong, goesAlone, goesAlong } from "./implied.ts";
import { Finishing } from "./finish.ts";
import { CHANGES, DROPS, type Node, type Workbench } from "./node.ts";
import { creationRank, dropRank } from "./ranks.ts";
import { bringBack, copiedWith, moveRows, rowsAreKept } from "./rows.ts";
import type { StepKind } from "./step.ts";
import type { Torn } from "./torn.ts";
import { relationObject, surroundings, type World } from "./world.ts";

/** All the work of a plan, by id, not yet in order. */
export class Work implements Workbench {
  readonly nodes: Map<string, Node> = new Map();
  readonly world: World;
  readonly torn: Torn;
  readonly #safe: boolean;
  readonly #ownership: Ownership | null;
  readonly #inline = new Map<string, ConstraintObject[]>();
  readonly live: Surroundings;
  readonly target: Surroundings;

  constructor(world: World, torn: Torn, safe: boolean, ownership: Ownership | null) {
    this.world = world;
    this.torn = torn;
    this.#safe = safe;
    this.#ownership = ownership;
    this.live = {
      ...surroundings(world, world.live, safe),
      goesAlone: (part) => goesAlone(part, world),
    };
    this.target = surroundings(
      world,
      world.target,
      this.#safe,
      (schema, table) => this.#inlineOf(schema, table),
      (schema, table) => this.#columnsOf(schema, table),
    );
  }

  // What is taken apart from its table while the order is sought is no longer written with it.
  #inlineOf(schema: string, table: string): ConstraintObject[] {
    const list = this.#inline.get(identity("table", [schema, table])) ?? [];
    return list.filter((one) =>
      this.nodes.get(`create ${identity("constraint", [one.schema, one.table, one.name])}`)
        ?.host !== null
    );
  }

  #columnsOf(schema: string, table: string): ColumnObject[] {
    return this.world.target.columns(schema, table).filter((one) =>
      this.nodes.get(`create ${identity("column", [schema, table, one.name])}`)?.host !== null
    );
  }

  /** Adds a piece of work. */
  add(
    what: string,
    kind: StepKind,
    object: string,
    rank: Node["rank"],
    statements: () => readonly DdlStatement[],
  ): Node {
    const id = `${what} ${object}`;
    const node: Node = {
      id,
      kind,
      object,
      rank,
      statements,
      host: null,
      after: new Set(),
      rather: new Set(),
    };
    this.nodes.set(id, node);
    return node;
  }

  /** Makes the nodes of everything that has a fate, and of what is torn. */
  fill(): void {
    const { live, target, fates } = this.world;
    for (const name of [...fates.keys()].sort()) {
      const fate = fates.get(name)!;
      const before = live.catalog.objects.get(name);
      const after = target.catalog.objects.get(name);
      if ((fate === "drop" || fate === "rebuild") && before !== undefined) this.#drop(name, before);
      if ((fate === "create" || fate === "rebuild") && after !== undefined) {
        this.#create(name, after, before);
      }
      if (fate === "alter" && before !== undefined && after !== undefined) {
        this.#alter(name, before, after);
      }
    }
    this.#tornColumns();
    this.#fold();
    const finishing = new Finishing(this);
    for (const [name, object] of target.catalog.objects) finishing.one(name, object);
    finishing.sequencesOfTorn();
  }

  #drop(name: string, object: CatalogObject): void {
    const aside = this.isAside(name);
    const after = this.world.target.catalog.objects.get(name);
    if (object.kind === "table" && after?.kind === "table" && rowsAreKept(name, this.world)) {
      this.add("drop", "data", name, [DROPS, dropRank(object.kind)], () => [
        moveRows(object, after, this.world),
      ]);
      return;
    }
    this.add("drop", "drop", name, [DROPS, dropRank(object.kind)], () => {
      if (goesAlong(object, this.world) || this.#isOfView(object, "live")) return [];
      return dropStatements(aside ? asideOf(object) : object, this.live);
    });
    if (aside) {
      this.add("aside", "rename", name, [DROPS, 50], () => [putAside(object)]);
    }
  }

  /** Whether a type is renamed first and dropped when no column has it any more. */
  isAside(name: string): boolean {
    const { fates, live } = this.world;
    if (fates.get(name) !== "rebuild") return false;
    const kind = live.catalog.objects.get(name)?.kind;
    if (kind === undefined || !["enum", "domain", "composite", "range"].includes(kind)) {
      return false;
    }
    return live.needed(name).some((one) => this.torn.recast.has(one)) ||
      live.needed(name).some((one) => this.isAside(one));
  }

  #isOfView(object: CatalogObject, side: "live" | "target"): boolean {
    if (object.kind !== "column") return false;
    return relationObject(object, this.world[side])?.kind !== "table";
  }

  #create(name: string, object: CatalogObject, before: CatalogObject | undefined): void {
    const node = this.add(
      "create",
      "create",
      name,
      [CHANGES, creationRank(object.kind)],
      () => {
        if (comesAlong(object, this.world)) return this.#overrides(object);
        const made = createStatements(object, this.target, this.#ownership);
        if (object.kind === "privilege") {
          return grantedAnew(object, this.world, this.target) ?? made;
        }
        return [...made, ...openedUp(object, this.world, this.target)];
      },
    );
    if (before?.kind === "table" && object.kind === "table" && rowsAreKept(name, this.world)) {
      const back = this.add("fill", "data", name, [CHANGES, 90], () => [
        ...bringBack(before, object, this.world),
      ]);
      back.after.add(node.id);
    }
  }

  // What came along with a parent's column may still differ from it.
  #overrides(object: CatalogObject): readonly DdlStatement[] {
    if (object.kind !== "column") {
      return object.comment === null ? [] : [commentStatement(object)];
    }
    const table = relationObject(object, this.world.target) as TableObject;
    const parents = [...(table.partitionOf === null ? [] : [table.partitionOf]), ...table.inherits];
    for (const parent of parents) {
      const found = this.world.target.catalog.objects.get(
        identity("column", [parent.schema, parent.table, object.name]),
      );
      if (found?.kind !== "column") continue;
      const inherited = { ...found, schema: object.schema, table: object.table, comment: null };
      return alterStatements(inherited, object, this.target, this.#ownership);
    }
    return [];
  }

  #alter(name: string, before: CatalogObject, after: CatalogObject): void {
    const isRecast = this.torn.recast.has(name);
    if (isRecast) return;
    this.#unbind(name);
    this.add("alter", "alter", name, [CHANGES, creationRank(after.kind)], () => {
      if (after.kind === "trigger" && after.inherited && before.kind === "trigger") {
        return alterStatements(
          { ...before, definition: after.definition },
          after,
          this.target,
          null,
        );
      }
      if (after.kind === "column" && before.kind === "column" && !after.local && !before.local) {
        // its type is its parent's
        const { type, formatted, collation, generated } = after;
        const notNull = bringsNulls(before, after, this.world) ? after.notNull : before.notNull;
        const had = isRetyped(before, after) ? withoutStorage(before) : before;
        const typed = { ...had, type, formatted, collation, generated, notNull };
        const old = this.torn.defaults.has(name) ? { ...typed, default: null } : typed;
        return alterStatements(old, after, this.target, this.#ownership);
      }
      const bound = before.kind === "column" && this.nodes.has(`unbind ${name}`)
        ? { ...before, identity: null }
        : before;
      const old = bound.kind === "column" && this.torn.defaults.has(name)
        ? { ...bound, default: null }
        : bound;
      const changed = alterStatements(old, after, this.target, this.#ownership);
      const numbers = after.kind === "column" && before.kind === "column" &&
        before.identity === null && after.identity !== null;
      return numbers ? [...changed, ...openedUp(after, this.world, this.target)] : changed;
    });
  }

  // A serial column that gets an identity under the same name of its sequence, and the way back: the
  // old sequence goes before the new one comes.
  #unbind(name: string): void {
    const before = this.world.live.catalog.objects.get(name);
    const after = this.world.target.catalog.objects.get(name);
    if (before?.kind !== "column" || after?.kind !== "column") return;
    if (before.identity === null || after.identity !== null) return;
    this.add("unbind", "alter", name, [DROPS, 11], () => {
      const bare = { ...before, identity: null };
      return alterStatements(before, bare, this.live, null);
    });
  }

  #tornColumns(): void {
    const { live, target, fates } = this.world;
    for (const name of [...this.torn.defaults].sort()) {
      const fate = fates.get(name);
      if (fate === "rebuild" || fate === "drop" || this.torn.recast.has(name)) continue;
      const before = live.catalog.objects.get(name) as ColumnObject;
      const after = target.catalog.objects.get(name) as ColumnObject;
      this.add("undefault", "alter", name, [DROPS, 10], () => [
        setDefault({ ...before, default: null }, this.live),
      ]);
      if (fate === "alter" || after.default === null) continue;
      this.add("default", "alter", name, [CHANGES, creationRank("column")], () => [
        setDefault(after, this.target),
      ]);
    }
    for (const name of [...this.torn.recast].sort()) {
      const before = live.catalog.objects.get(name) as ColumnObject;
      const after = target.catalog.objects.get(name) as ColumnObject;
      this.add("recast", "alter", name, [CHANGES, creationRank("column")], () => {
        const [bare, now] = [{ ...before, default: null }, { ...after, default: null }];
        const { type, formatted, collation } = after;
        const typed = { ...withoutStorage(bare), type, formatted, collation };
        const implied = !after.local && !before.local;
        return [
          ...(before.default === null || before.generated !== null
            ? []
            : [setDefault(bare, this.target)]),
          ...(implied ? [] : [
            retype(before, after, this.target, this.#recastClause(before, after)),
          ]),
          ...(after.default === null || after.generated !== null
            ? []
            : [setDefault(after, this.target)]),
          ...alterStatements(typed, { ...now, default: null }, this.target, this.#ownership),
        ];
      });
    }
  }

  // What is of a built-in type beneath both is assigned; the rest goes through text.
  #recastClause(before: ColumnObject, after: ColumnObject): string {
    const types = valueTypes(before, after, this.target);
    return isBuiltInOnly(types)
      ? usingClause(after.name, after.formatted, types)
      : ` USING ${ident(after.name)}::text::${after.formatted}`;
  }

  /** Lets a table do the work of its parts. */
  #fold(): void {
    const { live, target, fates } = this.world;
    for (const node of this.nodes.values()) {
      const [what] = node.id.split(" ", 1);
      if (what === "drop") node.host = this.#dropHost(node.object);
      if (what !== "create") continue;
      const object = target.catalog.objects.get(node.object)!;
      const parent = target.parent(node.object);
      const host = parent === null ? undefined : this.nodes.get(`create ${parent}`);
      if (host === undefined) continue;
      if (object.kind === "column" && parent!.startsWith("table ")) node.host = host;
      if (object.kind === "constraint" && this.#isInline(object)) {
        const list = this.#inline.get(parent!);
        // CREATE TABLE makes one key of two over the same columns
        if (list?.some((one) => isSameKey(one, object))) continue;
        node.host = host;
        if (list === undefined) this.#inline.set(parent!, [object]);
        else list.push(object);
      }
    }
    for (const [name, fate] of fates) {
      const object = live.catalog.objects.get(name);
      if (object?.kind !== "sequence" || fate !== "drop" || object.ownedBy === null) continue;
      const { schema, table, column } = object.ownedBy;
      const owner = this.nodes.get(`drop ${identity("column", [schema, table, column])}`);
      const node = this.nodes.get(`drop ${name}`);
      if (owner !== undefined && node !== undefined) node.host = owner;
    }
  }

  #dropHost(name: string): Node | null {
    const { live, fates } = this.world;
    const parent = live.parent(name);
    const host = parent === null ? undefined : this.nodes.get(`drop ${parent}`);
    if (host !== undefined) return host;
    const object = live.catalog.objects.get(name)!;
    if (object.kind === "table") {
      const whole = copiedWith(name, this.world);
      return whole === null ? null : this.nodes.get(`drop ${whole}`) ?? null;
    }
    if (object.kind !== "index" && object.kind !== "constraint") return null;
    // it goes with the first of its columns that goes
    const column = live.needs(name).find((one) =>
      one.startsWith("column ") && live.parent(one) === parent &&
      (fates.get(one) === "drop" || fates.get(one) === "rebuild")
    );
    return column === undefined ? null : this.nodes.get(`drop ${column}`) ?? null;
  }

  #isInline(one: ConstraintObject): boolean {
    if (one.type === "foreign" || !one.validated) return false;
    const table = relationObject(one, this.world.target);
    return one.local || table?.kind === "table" && table.partitionOf !== null;
  }

  /** What a table is made with beside its own statement: comments of the constraints in it. */
  guestStatements(node: Node): readonly DdlStatement[] {
    const object = this.world.target.catalog.objects.get(node.object);
    if (object === undefined || !node.id.startsWith("create ")) return [];
    if (object.kind === "column") {
      // its clause stands in CREATE TABLE; comments, owners and the rest are statements
      const made = createStatements(object, this.target, this.#ownership);
      return made.filter((one) => one.sql.startsWith("COMMENT "));
    }
    if (object.kind !== "constraint") return [];
    const comments = object.comment === null ? [] : [commentStatement(object)];
    const hasIndexComment = "indexComment" in object && object.indexComment !== null;
    return hasIndexComment ? [...comments, ...indexComment(object)] : comments;
  }
}

/** Whether two constraints are keys over the same columns. */
function isSameKey(one: ConstraintObject, other: ConstraintObject): boolean {
  const columns = [one, other].map((each) =>
    each.type === "primary" || each.type === "unique" ? each.columns.join("\0") : null
  );
  return columns[0] !== null && columns[0] === columns[1];
}

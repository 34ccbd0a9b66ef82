import type { LockMode } from "../ddl/statement.ts";
import { isChecked, provenColumns } from "./expressions.ts";
import { holdsUp, type StatementFacts, strengthOf } from "./facts.ts";
import {
  flag,
  joined,
  namesOf,
  type Node,
  node,
  nodes,
  part,
  relationName,
  text,
  type Tree,
} from "./tree.ts";

/** What a script is judged as. */
export interface ScriptKind {
  /** Whether it runs in a transaction that is not its own. */
  readonly transaction: boolean;
  /** Whether the runner of migrations runs it. */
  readonly migration: boolean;
}

/** A constraint that a script has spoken of. */
interface KnownConstraint {
  /** The columns that it proves to hold a value; null = its words are not known. */
  readonly proves: readonly string[] | null;
  readonly validated: boolean;
  /** Whether the present transaction added it without checking it. */
  readonly fresh: boolean;
}

/** What is known between two statements, of a script and of those before it. */
export class World {
  /** What the script is. */
  #kind: ScriptKind = { transaction: false, migration: false };
  #inTransaction = false;
  readonly #relations = new Set<string>();
  readonly #types = new Set<string>();
  readonly #indexes = new Map<string, string>();
  readonly #constraints = new Map<string, KnownConstraint>();
  readonly #labels: { readonly type: string; readonly label: string }[] = [];
  readonly #held = new Map<string, LockMode>();

  /** Begins another script: what was made before is in use by now. */
  begin(kind: ScriptKind): void {
    this.#kind = kind;
    this.#inTransaction = kind.transaction;
    for (const made of [this.#relations, this.#types, this.#indexes]) made.clear();
    this.#ended();
  }

  /** Whether the runner of migrations runs the script. */
  get isMigration(): boolean {
    return this.#kind.migration;
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** Whether a transaction is open that the script itself began. */
  get isUncommitted(): boolean {
    return this.#inTransaction && !this.#kind.transaction;
  }

  /** Whether the script made a relation, so that nobody uses it yet. */
  isNew(relation: string): boolean {
    return this.#relations.has(relation) || this.#relations.has(this.#indexes.get(relation) ?? "");
  }

  /** Whether the script made an index. */
  isNewIndex(index: string): boolean {
    return this.#indexes.has(index);
  }

  /** The labels of enums that the present transaction has added to types that were there. */
  get labels(): readonly { readonly type: string; readonly label: string }[] {
    return this.#labels;
  }

  /** The relations that others wait for until the transaction ends. */
  get held(): ReadonlyMap<string, LockMode> {
    return this.#held;
  }

  /** Whether a constraint that is validated proves that a column holds no NULL. */
  isProven(table: string, column: string): boolean {
    return [...this.#constraints].some(([name, { proves, validated }]) =>
      validated && name.startsWith(`${table} `) && (proves === null || proves.includes(column))
    );
  }

  /** Whether the present transaction added a constraint that is not checked yet. */
  isFresh(table: string, constraint: string): boolean {
    return this.#constraints.get(`${table} ${constraint}`)?.fresh ?? false;
  }

  /** Takes note of what a statement has done. */
  note({ kind, tree }: Node, { locks }: StatementFacts): void {
    NOTES[kind]?.(this, tree);
    if (!this.#inTransaction) return;
    // nobody goes on with a table that is gone
    if (kind === "DropStmt" && text(tree, "removeType") === "OBJECT_TABLE") return;
    for (const { mode, relation } of locks.filter((one) => holdsUp(one.mode))) {
      const before = this.#held.get(relation);
      if (before === undefined || strengthOf(before) < strengthOf(mode)) {
        this.#held.set(relation, mode);
      }
    }
  }

  /** A relation is there. */
  made(relation: string): void {
    this.#relations.add(relation);
  }

  /** An index is there. */
  madeIndex(index: string, table: string): void {
    if (index !== "") this.#indexes.set(index, table);
  }

  /** A type is there. */
  madeType(type: string): void {
    this.#types.add(type);
  }

  /** A label of an enum is there. */
  madeLabel(type: string, label: string): void {
    if (this.#inTransaction && !this.#types.has(type)) this.#labels.push({ type, label });
  }

  /** A constraint is there. */
  madeConstraint(table: string, constraint: Tree): void {
    const checked = isChecked(constraint);
    const proves = text(constraint, "contype") === "CONSTR_NOTNULL"
      ? namesOf(constraint.keys)
      : provenColumns(constraint.raw_expr);
    this.#constraints.set(`${table} ${text(constraint, "conname")}`, {
      proves,
      validated: checked,
      fresh: !checked && this.#inTransaction,
    });
  }

  /** A constraint is checked; one that is not known may prove anything. */
  validated(table: string, name: string): void {
    const known = this.#constraints.get(`${table} ${name}`);
    this.#constraints.set(`${table} ${name}`, {
      proves: known?.proves ?? null,
      validated: true,
      fresh: false,
    });
  }

  /** A constraint is gone. */
  dropped(table: string, name: string): void {
    this.#constraints.delete(`${table} ${name}`);
  }

  /** A relation has another name. */
  renamed(from: string, to: string): void {
    if (this.#relations.delete(from)) this.#relations.add(to);
  }

  /** A transaction begins or ends. */
  transaction(open: boolean): void {
    this.#inTransaction = open;
    this.#ended();
  }

  #ended(): void {
    this.#labels.length = 0;
    this.#held.clear();
    for (const [name, known] of this.#constraints) {
      if (known.fresh) this.#constraints.set(name, { ...known, fresh: false });
    }
  }
}

/** What each kind of statement changes of what is known. */
const NOTES: Readonly<Record<string, (world: World, tree: Tree) => void>> = {
  CreateStmt: (world, tree) => world.made(relationName(part(tree, "relation"))),
  CreateTableAsStmt: (world, tree) => world.made(relationName(part(part(tree, "into"), "rel"))),
  CreateForeignTableStmt: (world, tree) =>
    world.made(relationName(part(part(tree, "base"), "relation"))),
  ViewStmt: (world, tree) => world.made(relationName(part(tree, "view"))),
  SelectStmt: (world, tree) => {
    const into = part(part(tree, "intoClause"), "rel");
    if (text(into, "relname") !== "") world.made(relationName(into));
  },
  IndexStmt: (world, tree) =>
    world.madeIndex(text(tree, "idxname"), relationName(part(tree, "relation"))),
  CreateEnumStmt: (world, tree) => world.madeType(joined(namesOf(tree.typeName))),
  AlterEnumStmt: (world, tree) => {
    if (text(tree, "oldVal") === "") {
      world.madeLabel(joined(namesOf(tree.typeName)), text(tree, "newVal"));
    }
  },
  RenameStmt: (world, tree) => {
    if (text(tree, "renameType") !== "OBJECT_TABLE") return;
    const relation = part(tree, "relation");
    world.renamed(
      relationName(relation),
      joined([text(relation, "schemaname"), text(tree, "newname")]),
    );
  },
  AlterTableStmt: (world, tree) => {
    const table = relationName(part(tree, "relation"));
    for (const { tree: command } of nodes(tree, "cmds")) {
      const def = node(command, "def");
      const subtype = text(command, "subtype");
      if (subtype === "AT_AddConstraint" && def !== null) world.madeConstraint(table, def.tree);
      if (subtype === "AT_ValidateConstraint") world.validated(table, text(command, "name"));
      if (subtype === "AT_DropConstraint") world.dropped(table, text(command, "name"));
    }
  },
  TransactionStmt: (world, tree) => {
    const kind = text(tree, "kind");
    if (/_(?:BEGIN|START)$/.test(kind)) world.transaction(true);
    if (/_(?:COMMIT|ROLLBACK)$/.test(kind)) world.transaction(flag(tree, "chain"));
  },
};

import { nameOf, tokensOf } from "../script/tokens.ts";
import type { StatementFacts } from "./facts.ts";
import type { Found } from "./hazard.ts";
import { hazard, type Judge, judged, type Judgement, lockOn } from "./judgement.ts";
import { alterDomain, alterTable } from "./rules/alter_table.ts";
import * as data from "./rules/data.ts";
import { duplicatesIn } from "./rules/duplicates.ts";
import * as objects from "./rules/objects.ts";
import { type Node, node, part, relationName, text, type Tree, walk } from "./tree.ts";
import type { World } from "./world.ts";

const alone: Judge = () => judged({ transactional: false });

/** CREATE VIEW shuts others out where it replaces one. */
const createView: Judge = (tree, world) =>
  judged(
    tree.replace === true
      ? lockOn(world, "ACCESS EXCLUSIVE", relationName(part(tree, "view")))
      : {},
  );

const transaction: Judge = (tree, world) => {
  const kind = text(tree, "kind");
  const begins = /_(?:BEGIN|START)$/.test(kind);
  const ends = /_(?:COMMIT|ROLLBACK)$/.test(kind);
  if (!begins && !ends) return judged({});
  const word = kind.replace(/^TRANS_STMT_/, "");
  if (world.isMigration) return judged({}, hazard("transaction-command", `${word} in a migration`));
  const nested = begins === world.inTransaction;
  return judged(
    {},
    hazard(
      "nested-transaction",
      begins ? `${word} inside a transaction` : `${word} outside a transaction`,
      nested,
    ),
  );
};

/** What each kind of statement does; what is not here takes no lock that anybody would wait for. */
const STATEMENTS: Readonly<Record<string, Judge>> = {
  AlterTableStmt: alterTable,
  AlterDomainStmt: alterDomain,
  CreateStmt: objects.createTable,
  CreateForeignTableStmt: objects.createTable,
  CreateTableAsStmt: objects.createTableAs,
  IndexStmt: objects.createIndex,
  DropStmt: objects.drop,
  DropdbStmt: objects.dropDatabase,
  RenameStmt: objects.rename,
  AlterObjectSchemaStmt: objects.moveToSchema,
  AlterEnumStmt: objects.alterEnum,
  CreateDomainStmt: objects.createDomain,
  CreateTrigStmt: objects.locksRelation("SHARE ROW EXCLUSIVE"),
  CreatePolicyStmt: objects.locksRelation("ACCESS EXCLUSIVE", "table"),
  AlterPolicyStmt: objects.locksRelation("ACCESS EXCLUSIVE", "table"),
  RuleStmt: objects.locksRelation("ACCESS EXCLUSIVE"),
  AlterSeqStmt: objects.locksRelation("SHARE ROW EXCLUSIVE", "sequence"),
  ViewStmt: createView,
  CreateStatsStmt: data.createStatistics,
  InsertStmt: data.write,
  MergeStmt: data.write,
  CopyStmt: data.copy,
  UpdateStmt: data.update,
  DeleteStmt: data.remove,
  TruncateStmt: data.truncate,
  LockStmt: data.lockTable,
  VacuumStmt: data.vacuum,
  ClusterStmt: data.cluster,
  ReindexStmt: data.reindex,
  RefreshMatViewStmt: data.refresh,
  TransactionStmt: transaction,
  DoStmt: () => judged({}, hazard("unseen-code", "A DO block")),
  CreatedbStmt: alone,
  CreateTableSpaceStmt: alone,
  DropTableSpaceStmt: alone,
  AlterSystemStmt: alone,
  CreateSubscriptionStmt: alone,
};

/** Judges one statement by what is known before it. */
export function judge(statement: Node, sql: string, world: World): Judgement {
  const own = (STATEMENTS[statement.kind] ?? (() => judged({})))(statement.tree, world);
  return { facts: own.facts, found: [...own.found, ...general(statement, sql, own.facts, world)] };
}

/** What is asked of every statement. */
function general(
  statement: Node,
  sql: string,
  facts: StatementFacts,
  world: World,
): Found[] {
  const { kind, tree } = statement;
  const duplicates = duplicatesIn({ [kind]: tree });
  const long = longNames(sql);
  const label = world.inTransaction ? usedLabel(statement, world) : null;
  return [
    hazard(
      "not-in-transaction",
      "It runs in a transaction",
      world.inTransaction && !facts.transactional,
    ),
    hazard(
      "duplicate-column",
      `It names ${duplicates.join(", ")} twice`,
      duplicates.length > 0,
    ),
    hazard("name-too-long", `${long.join(", ")} has more than 63 bytes`, long.length > 0),
    hazard("enum-value-used", `It uses the new label ${label}`, label !== null),
    underLock(statement, facts, world),
  ].filter((one) => one !== null);
}

/** Long work while others wait for what a statement before has locked. */
function underLock({ kind, tree }: Node, { scans, rewrites }: StatementFacts, world: World) {
  const [held] = world.held;
  if (held === undefined) return null;
  const writes = kind === "UpdateStmt" || kind === "DeleteStmt" ||
    kind === "InsertStmt" && hasSource(tree);
  const target = relationName(part(tree, "relation"));
  const isLong = scans || rewrites || writes && !world.isNew(target);
  const isOwn = world.held.has(target);
  // a scan that has a lock of its own is told of by what it is
  if (!isLong || !(writes || !isOwn)) return null;
  const [relation, mode] = isOwn ? [target, world.held.get(target)] : held;
  return hazard("work-under-lock", `${relation} is locked (${mode}) until it is done`);
}

/** Whether an INSERT takes its rows from a query, and so may be of any number. */
function hasSource(tree: Tree): boolean {
  const select = node(tree, "selectStmt");
  return select !== null && !("valuesLists" in select.tree);
}

/** A label that the present transaction has added, where a statement speaks of it. */
function usedLabel({ kind, tree }: Node, world: World): string | null {
  if (world.labels.length === 0 || kind === "AlterEnumStmt") return null;
  for (const one of walk({ [kind]: tree })) {
    if (one.kind !== "A_Const") continue;
    const value = text(part(one.tree, "sval"), "sval");
    const found = world.labels.find(({ label }) => label === value);
    if (found !== undefined) return `${found.label} of ${found.type}`;
  }
  return null;
}

const LONGEST = 63;

/** The names in a text that PostgreSQL would cut. */
function longNames(sql: string): string[] {
  const encoder = new TextEncoder();
  const names = [...tokensOf(sql)].filter(({ kind }) => kind === "word" || kind === "name")
    .map((token) => nameOf(sql, token));
  return [...new Set(names.filter((name) => encoder.encode(name).length > LONGEST))];
}

/** What the functions around migrations are typed as. */
import { test } from "node:test";
import {
  baseline,
  type BaselineResult,
  type Catalog,
  check,
  DDLGenerator,
  difference,
  IndexDef,
  lint,
  lintSql,
  merge,
  SchemaDiff,
  squash,
  type SquashResult,
  TableFilter,
} from "../../migrations/mod.ts";
import type {
  Hazard,
  HazardKind,
  HazardLevel,
  LintResult,
  LintSettings,
} from "../../migrations/mod.ts";

async function linting(): Promise<void> {
  const result: LintResult = await lint({ folder: "migrations", names: ["0001"], down: true });
  const accepted: number = result.counts.accepted;
  const hazards: readonly Hazard[] = result.files.flatMap((one) => one.hazards);
  const kind: HazardKind = "drop-table";
  const level: HazardLevel | undefined = hazards[0]?.level;
  const { statements } = await lintSql("select 1", { transaction: true });
  const settings: LintSettings = { levels: { "drop-table": "off" }, ignore: ["0001_*"] };
  await lint({ ...settings, names: ["0002"] });
  // @ts-expect-error no such level
  await lint({ levels: { "drop-table": "fatal" } });
  // @ts-expect-error no such kind
  await lint({ levels: { "drop-tabel": "off" } });
  const relation: string | undefined = statements[0]?.facts.locks[0]?.relation;
  // @ts-expect-error no such kind
  const wrong: HazardKind = "drop-tabel";
  // @ts-expect-error no such option
  await lint({ foldr: "migrations" });
  // @ts-expect-error the result is not to be changed
  result.counts.error = 0;
  void [accepted, kind, level, relation, wrong];
}

function faces(live: Catalog, declared: Catalog): void {
  const ddl = new DDLGenerator({ schema: "crm", safe: true });
  const sql: string = ddl.addColumn("orders", { name: "note", type: "text" });
  const index = new IndexDef({ columns: ["note", { expression: "(lower(note))" }], unique: true });
  const more: string = ddl.addIndex("orders", index) + ddl.dropIndex("orders", "by_note");
  const difference = new SchemaDiff(live, declared, { safe: false });
  const action: "create" | "drop" | "alter" | "rebuild" | "rename" | undefined = difference
    .operations()[0]?.action;
  const kept: Catalog = new TableFilter({ include: ["orders"] }).apply(live);
  // @ts-expect-error a column needs a type
  ddl.addColumn("orders", { name: "note" });
  // @ts-expect-error no such action
  ddl.addForeignKey("orders", "customer_id", "customers", "id", { onDelete: "explode" });
  // @ts-expect-error an index has columns
  new IndexDef({ name: "by_note" });
  // @ts-expect-error the changes are not to be changed
  difference.changes.push();
  void [sql, more, action, kept];
}

async function comparing(live: Catalog): Promise<void> {
  const { same, drift } = await check({ models: "models", includeTables: ["orders"] });
  const state: "missing" | "extra" | "changed" | undefined = drift?.[0]?.state;
  const { steps } = await difference({ before: live, after: "postgres://localhost/shop" });
  const sql: string | undefined = steps[0]?.sql;
  // @ts-expect-error nothing is dropped by a look
  await check({ dropUnmanaged: true });
  // @ts-expect-error a side is a text or a catalog
  await difference({ before: 1 });
  void [same, state, sql];
}

async function reorganising(): Promise<void> {
  const { dependencies } = await merge({ folder: "migrations", name: "both", format: "sql" });
  const squashed: SquashResult = await squash({ first: "0001", last: "0007_orders", dryRun: true });
  const { unmodelled }: BaselineResult = await baseline({ schemas: ["public"], shadow: "server" });
  const heads: readonly string[] = dependencies;
  const ways: readonly boolean[] = [squashed.planned, squashed.reversible];
  // @ts-expect-error a squash has two ends
  await squash({ first: "0001" });
  // @ts-expect-error no such format
  await merge({ format: "json" });
  // @ts-expect-error schemas are a list
  await baseline({ schemas: "public" });
  // @ts-expect-error the result is not to be changed
  squashed.replaces.push("0001");
  void [heads, ways, unmodelled];
}

test("merge(), squash() and baseline() are typed", () => void reorganising);
test("check() and difference() are typed", () => void comparing);
test("lint() is typed", () => void linting);
test("the faces are typed", () => void faces);

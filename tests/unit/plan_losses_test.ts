import assert from "node:assert/strict";
import { test } from "node:test";
import { type GenerationPlan, planGeneration } from "../../generator/generate.ts";
import type { PlanGenerationOptions } from "../../generator/generate.ts";
import { MANIFEST_PATH } from "../../generator/manifest.ts";
import type { ExistingOutput } from "../../generator/plan.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { builtin, catalogOf, simpleTable, type TableDraft } from "./emit_world.ts";

const EMPTY: ExistingOutput = { files: new Map(), manifest: null };
const PUBLIC = { schemas: ["public"], include: null, exclude: null, hidden: [] };

function run(
  tables: readonly TableDraft[],
  before: ExistingOutput = EMPTY,
  options: PlanGenerationOptions = { scope: PUBLIC },
): { readonly plan: GenerationPlan; readonly there: ExistingOutput } {
  const plan = planGeneration(catalogOf(tables), options, before, (text) => text);
  const files = new Map(before.files);
  let { manifest } = before;
  for (const { path, action, text } of plan.files) {
    if (path === MANIFEST_PATH) manifest = text ?? manifest;
    else if (action === "remove") files.delete(path);
    else if (text !== null) files.set(path, text);
  }
  return { plan, there: { files, manifest } };
}

const refuses = (code: string, words: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof ConfigurationError);
  assert.equal(error.code, code);
  assert.match(error.message, words);
  assert.match(error.hint ?? "", /--force/);
  return true;
};
const classes = ({ models }: GenerationPlan) =>
  Object.fromEntries(models.map(({ table, className, file }) => [table, `${className} ${file}`]));

const rooms = simpleTable("rooms");
const invoices = { ...simpleTable("invoices"), schema: "billing" };
const both = { scope: { ...PUBLIC, schemas: ["public", "billing"] } };
const removed = ({ files }: GenerationPlan) =>
  files.filter(({ action }) => action === "remove").map(({ path }) => path);

test("planGeneration() refuses to remove everything when it finds no table", () => {
  const { there } = run([rooms]);
  assert.throws(() => run([], there), refuses("nothing_to_generate", /1 generated model would/));
  const { plan, there: empty } = run([], there, { scope: PUBLIC, force: true });
  assert.deepEqual(removed(plan), ["generated/room.ts"]);
  assert.deepEqual(removed(run([], empty).plan), [], "an empty database may stay empty");
});

test("planGeneration() refuses to remove everything that an earlier version wrote", () => {
  const { there } = run([rooms]);
  const { files } = JSON.parse(there.manifest!);
  const manifest = JSON.stringify({ format: 1, files });
  assert.throws(() => run([], { ...there, manifest }), refuses("nothing_to_generate", /model/));
});

test("planGeneration() refuses to remove the models of a schema that is not read", () => {
  const { there } = run([rooms, invoices], EMPTY, both);
  assert.throws(
    () => run([rooms], there),
    refuses("narrower_scope", /billing\.invoices \(its schema is not read\)/),
  );
  const { plan } = run([rooms], there, { scope: PUBLIC, force: true });
  assert.deepEqual(removed(plan), ["generated/invoice.ts"]);
  assert.deepEqual(plan.orphans, [{ path: "invoice.ts", why: "out_of_scope" }]);
});

test("planGeneration() refuses to remove the models of tables that are filtered or unreadable", () => {
  const { there } = run([rooms, simpleTable("beds")]);
  const hidden = [{ schema: "public", name: "rooms" }];
  const scope = { ...PUBLIC, exclude: ["rooms"], hidden };
  assert.throws(
    () => run([simpleTable("beds")], there, { scope }),
    refuses("narrower_scope", /public\.rooms \(it is filtered out\)/),
  );
  assert.throws(
    () => run([rooms, simpleTable("beds")], there, { scope: PUBLIC, leaveOut: hidden }),
    refuses("narrower_scope", /public\.rooms \(this role may not read it\)/),
  );
});

test("planGeneration() removes the model of a table that was dropped", () => {
  const { there } = run([rooms, invoices], EMPTY, both);
  const { plan } = run([rooms], there, both);
  assert.deepEqual(removed(plan), ["generated/invoice.ts"]);
  assert.deepEqual(plan.orphans, [{ path: "invoice.ts", why: "dropped" }]);
});

test("planGeneration() refuses a database that has none of the tables of the last run", () => {
  const { there } = run([rooms, simpleTable("beds")]);
  assert.throws(
    () => run([simpleTable("cars")], there),
    refuses("other_database", /none of the 2/),
  );
  assert.equal(removed(run([simpleTable("cars")], there, { force: true }).plan).length, 2);
});

test("planGeneration() lets a table keep its class and file when another one is added", () => {
  const { plan, there } = run([rooms]);
  assert.deepEqual(classes(plan), { rooms: "Room room.ts" });
  const added = run([rooms, simpleTable("room")], there);
  assert.deepEqual(classes(added.plan), { room: "Room2 room2.ts", rooms: "Room room.ts" });
  assert.deepEqual(classes(run([rooms, simpleTable("room")], added.there).plan), {
    room: "Room2 room2.ts",
    rooms: "Room room.ts",
  });
  assert.deepEqual(classes(run([simpleTable("room")], there, { scope: PUBLIC }).plan), {
    room: "Room room.ts",
  }, "the name of a table that is gone is free");
});

const orders = (...columns: readonly string[]): TableDraft => ({
  ...simpleTable("orders", ...columns),
  foreignKeys: columns.map((column) => ({ columns: [column], to: "users" })),
});

test("planGeneration() lets relations keep their names when another key is added", () => {
  const users = simpleTable("users");
  const { there } = run([users, orders("made_by")]);
  assert.match(there.files.get("generated/user.ts")!, /^orders: inverseForeignKey<Order>/m);
  const { plan, there: then } = run([users, orders("made_by", "paid_by")], there);
  const text = then.files.get("generated/user.ts")!;
  assert.match(text, /^orders: inverseForeignKey<Order>.*madeBy/m);
  assert.match(text, /^ordersByPaidBy: inverseForeignKey<Order>.*paidBy/m);
  assert.deepEqual(plan.renamed, []);
});

test("planGeneration() tells of a relation whose name a new column takes", () => {
  const { there } = run([simpleTable("users"), orders("made_by")]);
  const { plan } = run([simpleTable("users", "orders"), orders("made_by")], there);
  assert.deepEqual(plan.renamed, [{
    ...{ schema: "public", table: "users", what: "relation" },
    ...{ from: "orders", to: "ordersByMadeBy" },
  }]);
});

test("planGeneration() names relations anew when the casing is another one", () => {
  const staff: TableDraft = {
    name: "staff",
    columns: { id: builtin("int4"), boss_id: builtin("int4") },
    primaryKey: ["id"],
    foreignKeys: [{ columns: ["boss_id"], to: "staff" }],
  };
  const { there } = run([staff]);
  assert.match(there.files.get("generated/staff.ts")!, /^staffByBossId: /m);
  const { plan, there: then } = run([staff], there, { scope: PUBLIC, casing: "preserve" });
  assert.match(then.files.get("generated/staff.ts")!, /^staff_by_boss_id: /m);
  assert.deepEqual(plan.renamed, []);
});

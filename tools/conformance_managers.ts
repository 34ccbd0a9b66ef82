/** What is done with generated managers: every method that a database allows is called. */
import { join } from "node:path";
import { runScript } from "./conformance_code.ts";

/*
 * A row of each table is made by a factory, in a transaction that is rolled back. A generated method is
 * known by the method of every manager that it calls, and by the relation that it names; each call
 * leaves nothing behind.
 */
const CALL = `
import {
  closeAll, DatabaseError, DoesNotExistError, MultipleObjectsReturnedError, OrmError, registerDatabase,
  transaction,
} from "@matrx/orm";
import { factory, rollback } from "@matrx/orm/testing";
import * as all from "./models/managers.ts";

registerDatabase({ name: "main", url: Deno.args[0] });
const failures = [];
const kinds = new Map();
let [rows, tables, calls] = [0, 0, 0];

function methodsOf(manager) {
  const generated = Object.getPrototypeOf(Object.getPrototypeOf(manager));
  return Object.getOwnPropertyNames(generated).filter((name) => name !== "constructor").map((name) => {
    const text = generated[name].toString();
    const relation = /\\.\\w+\\([^"]*("(?:[^"\\\\]|\\\\.)*")/.exec(text)?.[1];
    return {
      name,
      kind: text.includes(".then(") ? "getRelated" : /this\\s*\\.(\\w+)\\(/.exec(text)[1],
      relation: relation === undefined ? undefined : JSON.parse(relation),
    };
  });
}

const CALLS = {
  createItem: ({ call, values, free }) => free().then(() => call(values)),
  createItems: ({ call, values, free }) => free().then(() => call([values])),
  getOrCreate: ({ call, keyValues, values }) => call(keyValues, values),
  updateItem: ({ call, key, change }) => call(key, change),
  deleteItem: ({ call, key }) => call(key),
  loadById: ({ call, key }) => call(key),
  loadItem: ({ call, where }) => call(where),
  loadItems: ({ call }) => call(undefined, { limit: 2 }),
  filterItems: ({ call, where }) => call(where, { limit: 2 }),
  getItemWithAllRelated: ({ call, key }) => call(key),
  getItemWithRelated: ({ call, key }) => call(key),
  getItemsWithRelated: ({ call }) => call(undefined, { limit: 2 }),
  getRelated: ({ call, key }) => call(key),
  addM2m: ({ call, key, target }) => target().then((one) => call(key, one)),
  removeM2m: ({ call, key, target }) => target().then((one) => call(key, one)),
  setM2m: ({ call, key, target }) => target().then((one) => call(key, [one])),
  clearM2m: ({ call, key }) => call(key),
  getItemDict: ({ call, key }) => call(key),
  loadItemsDict: ({ call }) => call(undefined, { limit: 2 }),
};
const WITHOUT_ROW = ["loadItem", "loadItems", "filterItems", "getItemsWithRelated", "loadItemsDict"];

const UNDO = Symbol();
const undone = (work) =>
  transaction(async () => {
    await work();
    throw UNDO;
  }).catch((error) => {
    if (error !== UNDO) throw error;
  });

/** Whether an error says what is in the database, and nothing of the method. */
const isOfData = (error) =>
  error instanceof DatabaseError || error instanceof DoesNotExistError ||
  error instanceof MultipleObjectsReturnedError || error?.code === "factory_row_refused" ||
  error?.code === "factory_value_missing";

async function tryOut(manager, row) {
  const { model } = manager;
  const { columns, primaryKey } = model.meta;
  const valueOf = (column) => row?.[column.property];
  const keyValues = Object.fromEntries(primaryKey.map((one) => [one.property, valueOf(one)]));
  const writable = columns.filter((one) => one.writable && valueOf(one) !== undefined);
  const changed = writable.find((one) => !primaryKey.includes(one));
  for (const { name, kind, relation } of methodsOf(manager)) {
    if (row === undefined && !WITHOUT_ROW.includes(kind)) continue;
    const about = kinds.get(kind) ?? { done: 0, refused: [] };
    kinds.set(kind, about);
    calls++;
    try {
      await undone(() =>
        CALLS[kind]({
          call: (...args) => manager[name](...args),
          key: primaryKey.length === 1 ? valueOf(primaryKey[0]) : keyValues,
          where: row === undefined || primaryKey.length === 0
            ? {}
            : Object.fromEntries(Object.entries(keyValues).map(([one, eq]) => [one, { eq }])),
          values: Object.fromEntries(writable.map((one) => [one.property, valueOf(one)])),
          change: changed === undefined ? {} : { [changed.property]: valueOf(changed) },
          keyValues,
          free: () => model.deleteWhere(primaryKey.length === 0 ? {} : keyValues, { hard: true }),
          target: async () => await factory(model.meta.relations.get(relation).target()).create(),
        })
      );
      about.done++;
    } catch (error) {
      const told = model.meta.label + "." + name + "(): " + (error?.stack ?? error);
      if (isOfData(error)) about.refused.push(told);
      else failures.push(told);
    }
  }
}

for (const manager of Object.values(all)) {
  if (typeof manager !== "object") continue;
  const { meta } = manager.model;
  if (meta.kind === "table") tables++;
  try {
    await rollback(async () => {
      let row;
      await transaction(async () => {
        if (meta.kind === "table") row = await factory(manager.model).create();
      }).catch((error) => {
        if (!isOfData(error)) throw error;
      });
      if (row !== undefined) rows++;
      await tryOut(manager, row);
    });
  } catch (error) {
    failures.push(meta.label + ": " + (error?.stack ?? error));
  }
}
await closeAll();
for (const [kind, { done, refused }] of kinds) {
  if (done === 0) failures.push("no call of " + kind + "() went well: " + refused[0]);
}
console.log(JSON.stringify({ tables, rows, calls, kinds: kinds.size, failures }));
`;

/** What calling every method of the managers came to. */
export interface CalledManagers {
  readonly tables: number;
  /** How many tables took a row that a factory made. */
  readonly rows: number;
  readonly calls: number;
  /** How many methods of every manager the generated ones led to. */
  readonly kinds: number;
  readonly failures: readonly string[];
}

/** Calls the methods of every manager in `models`. */
export async function callManagers(work: string, url: string): Promise<CalledManagers> {
  await Deno.writeTextFile(join(work, "call.js"), CALL);
  const ran = await runScript(work, "call.js", url);
  return ran.ok
    ? JSON.parse(ran.out)
    : { tables: 0, rows: 0, calls: 0, kinds: 0, failures: [ran.err] };
}

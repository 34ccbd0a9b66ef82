/** One form for a golden test: the call, the SQL that it sends, the rows that come back. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeDatabase, type Param, registerDatabase, transaction } from "../../mod.ts";
import { type Recording, recording } from "../../src/drivers/recording.ts";
import { isRow, metaOfRow } from "../../src/model/row_state.ts";
import { relationsOf } from "../../src/schema/relation_meta.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { type Shop, shopModels, TABLES } from "./shop.ts";

/** A call with what it must send and give back. */
export interface Golden {
  /** The call. */
  readonly call: (shop: Shop) => unknown;
  /** The statements that it sends; line breaks and what surrounds them count as one blank. */
  readonly sql: string | readonly string[];
  /** The bound values, those of one statement after those of the other. */
  readonly params?: readonly Param[];
  /** What it gives back, rows as plain objects with the relations that were loaded. */
  readonly rows: unknown;
}

let opening: Promise<{ readonly shop: Shop; readonly recorder: Recording }> | undefined;
let opened: TestDatabase | undefined;

async function open(): Promise<{ readonly shop: Shop; readonly recorder: Recording }> {
  opened = await testDatabase(await testServer("pglite"));
  const recorder = recording({ driver: opened.driver });
  registerDatabase({ name: "golden", driver: recorder });
  const connection = await recorder.acquire();
  await connection.script(TABLES);
  connection.release();
  return { shop: shopModels("golden"), recorder };
}

after(async () => {
  if (opened === undefined) return;
  await closeDatabase("golden");
  await opened[Symbol.asyncDispose]();
});

/** Ends the transaction around a call, so that the next one finds the same rows. */
class Undo extends Error {}

/** Runs a call in a transaction that is rolled back; gives what it sent and what it gave. */
export async function run(
  call: Golden["call"],
): Promise<{ readonly sql: string[]; readonly params: Param[]; readonly rows: unknown }> {
  const { shop, recorder } = await (opening ??= open());
  let rows: unknown;
  const statements = await recorder.capture(async () => {
    const whole = transaction(async () => {
      rows = shown(await call(shop));
      throw new Undo();
    }, { database: "golden" });
    await whole.catch((error) => {
      if (!(error instanceof Undo)) throw error;
    });
  });
  // without the begin and the rollback around it
  const own = statements.slice(1, -1);
  return {
    sql: own.map(({ text }) => text),
    params: own.flatMap(({ params }) => params.reveal()),
    rows,
  };
}

/** Tests that a call sends this SQL and gives these rows. */
export function golden(name: string, { call, sql, params = [], rows }: Golden): void {
  test(name, async () => {
    const found = await run(call);
    const expected = [sql].flat().map((text) => text.trim().replace(/\s*\n\s*/g, " "));
    assert.deepEqual(found.sql, expected);
    assert.deepEqual(found.params, params);
    assert.deepEqual(found.rows, rows);
  });
}

/** What a call gave, as plain values. */
function shown(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(shown);
  if (Array.isArray(value)) return value.map(shown);
  if (!isRow(value)) {
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shown(part)]));
  }
  const row = value as { toDict(): object; hasRelated(name: string): boolean };
  const related = relationsOf(metaOfRow(value)).filter(({ name }) => row.hasRelated(name));
  const parts = related.map(({ name }) => [`${name} loaded`, shown(relatedOf(value, name))]);
  return { ...row.toDict(), ...Object.fromEntries(parts) };
}

function relatedOf(row: object, name: string): unknown {
  return (row as { getRelated(name: string): unknown }).getRelated(name);
}

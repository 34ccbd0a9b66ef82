/** What caches cost: a hit beside making the row, and rows that are put in. */
import { integer, model, text } from "../../mod.ts";
import { memoryStore } from "../../src/cache/memory.ts";
import { hydrate } from "../../src/model/hydrate.ts";
import { wholeRows } from "../../src/query/shape.ts";
import { cpuOf, leastOf } from "./cpu.ts";

const ROUNDS = 200_000;

/** Most CPU that a hit shall take beyond hydration, in µs. */
export const HIT_LIMIT = 2;

/** The table of `hitCost()`. */
export const HITS = "create table hits (id int primary key, a text)";

/** The µs of CPU that a hit of `get()` takes beyond hydration, on a registered database with `HITS`. */
export async function hitCost(database: string): Promise<number> {
  class Hit extends model("hits", { id: integer().primaryKey(), a: text().nullable() }, {
    database,
    cache: "short-term",
  }) {}
  await Hit.create({ id: 1, a: "x" });
  await Hit.get({ id: 1 });
  const gets = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) await Hit.get({ id: 1 });
  };
  const rows = { columns: [], rows: [["1", "x"]] };
  const hydrations = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.resolve(hydrate({ shape: wholeRows(Hit) }, rows, null));
    }
  };
  await gets();
  await hydrations();
  return await leastOf(HIT_LIMIT, async () => {
    const all = await cpuOf(gets);
    const made = await cpuOf(hydrations);
    return (all - made) / ROUNDS * 1e6;
  });
}

/** The ms that it takes to put rows in an empty cache; the least of some runs. */
export function putCost(rows: number, runs: number): number {
  const place = { table: "t", scope: "s" };
  const times = Array.from({ length: runs }, () => {
    const store = memoryStore({ maxEntries: 2 * rows });
    const started = performance.now();
    for (let row = 0; row < rows; row++) {
      store.fill(place, `=${row}`, { ticket: "" }, [String(row), "value"], 60_000);
    }
    return performance.now() - started;
  });
  return Math.min(...times);
}

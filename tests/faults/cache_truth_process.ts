/**
 * One of the programs of `cache_truth_test.ts`: `cache_truth_process.ts NAME URL SECONDS SEED`. It says
 * `ready`, waits for a line, reads and writes at random, and prints its history as JSON.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import {
  closeAll,
  DatabaseError,
  integer,
  memoryStore,
  model,
  registerDatabase,
  sql,
  StateManager,
  text,
  transaction,
} from "../../mod.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { driverOptions } from "../support/database.ts";
import { type History, ROWS, TENANTS } from "./cache_truth.ts";

const [name = "", url = "", seconds = "10", seed = "1"] = process.argv.slice(2);

/** The clock of all programs, in ms. */
const clock = (): number => performance.timeOrigin + performance.now();

let state = Number(seed);
/** A number from 0 up to `below`, the same in each run of a seed. */
function dice(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor(state / 2 ** 32 * below);
}

// one store: what keeps the tenants apart is the cache alone
const store = memoryStore();
for (const tenant of TENANTS) {
  const own = new URL(url);
  own.searchParams.set("options", `-c role=truth_reader -c app.tenant=${tenant}`);
  registerDatabase({ name: tenant, url: own.href, cacheSync: true, cacheStore: store, poolMax: 3 });
}
registerDatabase({ name: "all", url, cacheSync: true, cacheStore: store, poolMax: 6 });

class Row extends model("records", {
  id: integer().primaryKey(),
  code: text().unique(),
  tenant: text(),
  ver: text(),
}, { database: "all", cache: "permanent" }) {}

const outside = openNodePg(driverOptions(url, { poolMax: 1 }));
const history: History = { reads: [], writes: [], refused: 0, hits: 0 };
let made = 0;
const version = (): string => `${name}-${++made}`;
const anyRow = (): number => 1 + dice(ROWS);
const code = (id: number): string => `c${id}`;

/** Gives up the present transaction on purpose. */
class Back extends Error {}

type Write = (ver: string) => Promise<unknown>;

/** Ways to write some rows; what is thrown back must never be seen. */
const WRITES: Readonly<Record<string, Write>> = {
  save: async (ver) => {
    const row = await Row.get({ id: anyRow() });
    row.ver = ver;
    await row.save();
  },
  updateWhere: (ver) =>
    Row.updateWhere({ code: { in: [code(anyRow()), code(anyRow())] } }, { ver }),
  byTenant: (ver) => {
    const tenant = TENANTS[dice(TENANTS.length)]!;
    return Row.using(tenant).updateWhere({ id: anyRow() }, { ver });
  },
  bulkUpdate: async (ver) => {
    const first = 1 + dice(ROWS - 3);
    const rows = await Row.filter({ id: { between: [first, first + 2] } }).orderBy("id").all();
    for (const row of rows) row.ver = ver;
    await Row.bulkUpdate(rows, ["ver"]);
  },
  upsert: (ver) => {
    const id = anyRow();
    const row = { id, code: code(id), tenant: TENANTS[dice(2)]!, ver };
    return Row.upsert(row, { conflict: ["id"] });
  },
  raw: (ver) =>
    Row.rawSql(sql`update records set ver = ${ver} where id = ${anyRow()}`, { touches: [Row] }),
  move: (ver) => Row.updateWhere({ id: anyRow() }, { tenant: TENANTS[dice(2)]!, ver }),
  swap: async (ver) => {
    const id = anyRow();
    await transaction(async () => {
      const row = await Row.filter({ id }).forUpdate().get();
      await row.delete();
      await Row.create({ id, code: code(id), tenant: row.tenant, ver });
    }, { database: "all" });
  },
  twoInOne: async (ver) => {
    const [low, high] = [anyRow(), anyRow()].sort((a, b) => a - b);
    await transaction(async () => {
      await Row.updateWhere({ id: low! }, { ver });
      await transaction(async () => await Row.updateWhere({ id: high! }, { ver }), {
        database: "all",
      });
    }, { database: "all" });
  },
  back: async (ver) => {
    const work = transaction(async () => {
      await Row.updateWhere({ id: anyRow() }, { ver });
      await sleep(dice(5));
      throw new Back();
    }, { database: "all" });
    await work.catch((error) => {
      if (!(error instanceof Back)) throw error;
    });
  },
  halfBack: async (ver) => {
    await transaction(async () => {
      const half = transaction(async () => {
        await Row.updateWhere({ id: anyRow() }, { ver: `${ver} undone` });
        throw new Back();
      }, { database: "all" });
      await half.catch((error) => {
        if (!(error instanceof Back)) throw error;
      });
      await Row.updateWhere({ id: anyRow() }, { ver });
    }, { database: "all" });
  },
  outside: (ver) =>
    outside.query({
      text: "update records set ver = $1 where id = $2",
      params: [ver, String(anyRow())],
    }),
};

const KINDS = Object.keys(WRITES);

async function write(): Promise<void> {
  const kind = KINDS[dice(KINDS.length)]!;
  const ver = version();
  const began = clock();
  try {
    await WRITES[kind]!(ver);
    history.writes.push([ver, kind, began, clock()]);
  } catch (error) {
    // of two who take rows in another order one is sent back; a row may be away while it is swapped
    if (!(error instanceof DatabaseError) || error.outcome !== "rolledBack") throw error;
    history.writes.push([ver, kind, began, null]);
    history.refused++;
  }
}

async function read(): Promise<void> {
  const id = anyRow();
  const reader = dice(3) === 0 ? null : TENANTS[dice(TENANTS.length)]!;
  const source = reader === null ? Row : Row.using(reader);
  const byCode = dice(3) === 0;
  const began = clock();
  const row = await source.getOrNull(byCode ? { code: code(id) } : { id });
  history.reads.push([id, reader, row?.tenant ?? null, row?.ver ?? null, began, clock()]);
}

for (const database of ["all", ...TENANTS]) {
  for (let open = false; !open; await sleep(10)) {
    await Row.using(database).getOrNull({ id: 1 });
    [{ open } = { open: false }] = await StateManager.statistics(Row, { database });
  }
}
console.log("ready");
const lines = createInterface({ input: process.stdin });
await new Promise((resolve) => lines.once("line", resolve));
lines.close();
const end = clock() + Number(seconds) * 1_000;
const worker = async (): Promise<void> => {
  while (clock() < end) {
    if (dice(10) === 0) await write();
    else for (let more = 0; more < 8; more++) await read();
    // the loop must get to hear of others
    await sleep(dice(4));
  }
};
await Promise.all(Array.from({ length: 4 }, worker));
for (const one of await StateManager.statistics(Row)) history.hits += one.hits;
await outside.close();
await closeAll();
process.stdout.write(`${JSON.stringify(history)}\n`);

/** Plans between random catalogs, on real servers: up, a second diff, down. */
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { buildScript } from "../../migrations/mod.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { builtAnew, carryOut, change, read } from "../../tools/conformance_changes.ts";
import { canDump, dump, dumpDifferences } from "../../tools/roundtrip/dump.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { randomCatalog } from "../support/random/catalog.ts";
import { Random } from "../support/random/random.ts";
import { readerRole } from "../support/random/reader.ts";
import { type TestServer, testServer } from "../support/servers.ts";

const PAIRS = Number(process.env["MATRX_DIFF_PAIRS"] ?? 20);
const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 20_261_127);
/** How many pairs are under way at once. */
const AT_ONCE = 2;

async function stateOf(server: TestServer, catalog: Catalog): Promise<TestDatabase> {
  const db = await testDatabase(server, { options: { poolMax: 1 } });
  try {
    await carryOut(db.driver, buildScript(catalog));
    return db;
  } catch (error) {
    await db[Symbol.asyncDispose]();
    throw error;
  }
}

async function prove(server: TestServer, owner: string, seed: number): Promise<void> {
  const random = new Random(seed);
  const serverVersion = server.kind === "pg15" ? 150018 : 180004;
  const [one, other] = [1, 2].map(() => randomCatalog(random, { owner, serverVersion }));
  await using db = await stateOf(server, one!);
  const a = await read(db.driver);
  const b = await (async () => {
    await using wanted = await stateOf(server, other!);
    return await read(wanted.driver);
  })();
  const anew = async (catalog: Catalog): Promise<Catalog> => {
    await using empty = await testDatabase(server);
    return await builtAnew(empty.driver, catalog);
  };
  const text = canDump(a.serverVersion) ? await dump(db.url) : null;
  const options = { safe: seed % 2 === 0, role: owner };
  const up = await change(db.driver, a, b, options, anew);
  assert.deepEqual(up.faults, [], "up");
  const down = await change(db.driver, up.after, a, options, anew);
  assert.deepEqual(down.faults, [], "down");
  if (text === null) return;
  assert.deepEqual(dumpDifferences(text, await dump(db.url), { places: false }), [], "pg_dump");
}

for (const kind of ["pg15", "pg18"] as const) {
  const server = await testServer(kind);
  const skip = { skip: server.skip };
  test(`plan() leads from any catalog to any other and back on ${kind}`, skip, async (t) => {
    const owner = await readerRole(server);
    const seeds = Array.from({ length: PAIRS }, (_, at) => SEED + at);
    const failures: string[] = [];
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        try {
          await prove(server, owner, seed);
        } catch (error) {
          failures.push(`MATRX_TEST_SEED=${seed} MATRX_DIFF_PAIRS=1: ${error}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    t.diagnostic(`${PAIRS - failures.length} of ${PAIRS} pairs`);
    console.log(`${PAIRS - failures.length} of ${PAIRS} pairs of random catalogs on ${kind}`);
    assert.equal(failures.length, 0, failures.join("\n"));
  });
}

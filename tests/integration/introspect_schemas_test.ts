import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { introspect } from "../../generator/introspect/introspect.ts";
import { checksumOf, fromSnapshot, toSnapshot } from "../../src/catalog/snapshot.ts";
import { testDatabase } from "../support/database.ts";
import { type ServerKind, testServer } from "../support/servers.ts";
import { countsOf, informationSchema, namesOf } from "./introspect_schemas.ts";

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly loads_on: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
}

const data = process.env.MATRX_DATA ??
  fileURLToPath(new URL("../../../shared/data", import.meta.url));
const folder = `${data}/schemas`;
const skip = existsSync(`${folder}/index.json`)
  ? false
  : `no schemas of other projects in ${data}: set MATRX_DATA`;
if (skip !== false) console.log(`skipped: ${skip}`);

// The embedded server has the extension that this one needs.
const elsewhere: ReadonlyMap<string, ServerKind> = new Map([["pagila_pg18", "pglite"]]);

const entries = skip === false
  ? JSON.parse(await readFile(`${folder}/index.json`, "utf8")) as Entry[]
  : [];

test("introspect() has schemas of other projects to read", { skip }, () => {
  assert.ok(entries.length > 0);
});

for (const entry of entries) {
  for (const version of entry.loads_on) {
    const kind = elsewhere.get(entry.name) ?? (version === 15 ? "pg15" : "pg18");
    const server = await testServer(kind);
    test(`introspect() reads ${entry.name} on ${kind}`, { skip: server.skip }, async () => {
      await using db = await testDatabase(server);
      const connection = await db.driver.acquire();
      await connection.script(await readFile(`${folder}/${entry.file}`, "utf8"));
      connection.release({ broken: kind !== "pglite" }); // a dump leaves its settings behind

      const before = process.cpuUsage();
      const { catalog } = await introspect(db.driver);
      const used = process.cpuUsage(before);
      console.log(
        `introspect ${entry.name} on ${kind}: ${catalog.objects.size} objects, ` +
          `${Math.round((used.user + used.system) / 1000)} ms of CPU`,
      );
      const counts = countsOf(catalog);
      for (const [what, count] of Object.entries(entry.counts)) {
        if (what in counts) assert.equal(counts[what], count, `${what} of ${entry.name}`);
      }
      assert.deepEqual(namesOf(catalog), await informationSchema(db.driver));
      const again = await fromSnapshot(await toSnapshot(catalog));
      assert.equal(await checksumOf(again), await checksumOf(catalog));
    });
  }
}

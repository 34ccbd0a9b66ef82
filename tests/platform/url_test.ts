/** The library by URL, from a plain server of files, with no import map. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { testDatabase } from "../support/database.ts";
import { serveFiles } from "../support/file_server.ts";
import { freshDenoCache, succeed, workplace } from "../support/program.ts";
import { testServer } from "../support/servers.ts";
import { ADAS_ORDERS, loadShop, readPackage } from "./package.ts";

const server = await testServer("pg18");

test(
  "import of mod.ts by URL does work, drivers and command too",
  { skip: server.skip },
  async () => {
    await using database = await testDatabase(server);
    await loadShop(database);
    await using site = await workplace();
    for (const [path, data] of await readPackage()) {
      const place = join(site.path, path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, data);
    }
    await using files = await serveFiles(site.path);
    await using place = await workplace();
    const env = { ...await freshDenoCache(place.path), DATABASE_URL: database.url };
    const how = { cwd: place.path, env };
    await succeed(process.execPath, [
      ...["run", "-A", `${files.url}/cli.ts`, "generate", "--import-from", `${files.url}/mod.ts`],
    ], how);
    await place.write(
      "main.ts",
      `import { closeAll, integer, model, registerDatabase, text } from "${files.url}/mod.ts";
import { nodePg } from "${files.url}/src/drivers/node_pg.ts";
import { openPglite } from "${files.url}/src/drivers/pglite.ts";
import { insertSchema } from "${files.url}/src/zod/schemas.ts";
import { Order } from "./models/mod.ts";
registerDatabase({ name: "main", driver: nodePg({ url: Deno.env.get("DATABASE_URL")! }) });
const orders = await Order.filter({ customerId: 1 }).orderBy("id").selectRelated("customerId").all();
class Customer extends model("customers", { id: integer().primaryKey(), name: text() }) {}
const { name } = insertSchema(Customer).parse({ id: 3, name: orders[0]!.getRelated("customerId")!.name });
console.log(JSON.stringify([name, ...orders.map(({ total }) => total)]), typeof openPglite);
await closeAll();
`,
    );
    const printed = await succeed(process.execPath, ["run", "--check", "-A", "main.ts"], how);
    assert.equal(printed.trim(), `${ADAS_ORDERS} function`);
    assert.deepEqual(files.missed, []);
  },
);

test("a URL such as pglite:// does open the embedded database from there", async () => {
  await using files = await serveFiles(new URL("../..", import.meta.url).pathname);
  await using place = await workplace();
  await place.write(
    "main.ts",
    `import { closeAll, integer, model, registerDatabase, sql, text } from "${files.url}/mod.ts";
registerDatabase({ name: "main", url: "pglite://memory" });
class Cat extends model("cats", { id: integer().primaryKey(), name: text() }) {}
await Cat.rawSql(sql\`create table cats (id int primary key, name text not null)\`);
await Cat.create({ id: 1, name: "Mina" });
console.log((await Cat.filter().all()).map(({ name }) => name).join());
await closeAll();
`,
  );
  const env = await freshDenoCache(place.path);
  const how = { cwd: place.path, env };
  assert.equal((await succeed(process.execPath, ["run", "-A", "main.ts"], how)).trim(), "Mina");
});

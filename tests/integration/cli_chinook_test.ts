import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { generate } from "../../generator/mod.ts";
import { closeAll, registerDatabase } from "../../src/connect.ts";
import { Databases } from "../../src/execute/registry.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type ServerKind, testServer } from "../support/servers.ts";
import { type TestFolder, testFolder } from "./cli_support.ts";

// deno-lint-ignore no-explicit-any -- the models are generated while the tests run
type Loose = any;

const data = process.env.MATRX_DATA ??
  fileURLToPath(new URL("../../../shared/data", import.meta.url));
const file = join(data, "chinook_with_data.sql");
const missing = existsSync(file) ? false : `no chinook_with_data.sql in ${data}: set MATRX_DATA`;
if (missing !== false) console.log(`skipped: ${missing}`);

function asText(value: unknown): string | null {
  if (value === null) return null;
  return value instanceof Date ? value.toISOString().replace("T", " ").slice(0, 19) : String(value);
}

function sorted(rows: readonly (readonly (string | null)[])[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

const kinds: readonly ServerKind[] = ["pg18", "pglite"];
for (const kind of kinds) {
  const server = await testServer(kind);
  const skip = { skip: missing === false ? server.skip : missing };
  const name = `chinook_${kind}`;
  let db: TestDatabase | undefined;
  let folder: TestFolder | undefined;
  let models: Loose;

  before(async () => {
    if (skip.skip !== false) return;
    db = await testDatabase(server, { folder: true });
    const connection = await db.driver.acquire();
    await connection.script(await readFile(file, "utf8"));
    connection.release({ broken: true });
    await db.driver.close();
    registerDatabase({ name, url: db.url });
    folder = await testFolder();
    const result = await generate({
      database: name,
      nameDatabase: true,
      out: folder.path,
      importFrom: new URL("../../mod.ts", import.meta.url).href,
    });
    assert.equal(result.counts.tables, 11);
    models = await import(pathToFileURL(join(folder.path, "mod.ts")).href);
  });
  after(async () => {
    await closeAll();
    await db?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  /** What the server itself answers, as text. */
  const direct = async (text: string): Promise<(string | null)[][]> =>
    (await Databases.default.get(name).query({ text, params: [] })).rows.map((row) => [...row]);

  test(`generated models read every row of every table on ${kind}`, skip, async () => {
    const tables = await direct(
      "select table_name from information_schema.tables where table_schema = 'public' order by 1",
    );
    const classes = Object.values(models).filter((one): one is Loose => typeof one === "function");
    assert.deepEqual(classes.map(({ meta }) => meta.table).sort(), tables.flat());
    for (const model of classes) {
      const columns = model.meta.columns.map((one: Loose) => `"${one.name}"`).join(", ");
      const rows = await direct(`select ${columns} from "${model.meta.table}"`);
      const read = (await model.all()).map((row: Loose) =>
        model.meta.columns.map((one: Loose) => asText(row[one.property]))
      );
      assert.deepEqual(sorted(read), sorted(rows), model.meta.table);
      assert.equal(await model.count(), rows.length);
    }
  });

  test(`inverse foreign keys give what SQL gives on ${kind}`, skip, async () => {
    const artist = await models.Artist.get({ name: "Iron Maiden" });
    const albums = await artist.fetchIfk("albums");
    assert.deepEqual(
      albums.map((album: Loose) => [album.title]).sort(),
      (await direct(
        `select title from album where artist_id = ${artist.artistId} order by title collate "C"`,
      )).sort(),
    );
    assert.ok(albums.length > 10);
  });

  test(`nested prefetches give the revenue of each artist on ${kind}`, skip, async () => {
    const lines = await models.InvoiceLine.filter()
      .prefetchRelated({ trackId: { albumId: { artistId: true } } }).all();
    const cents = new Map<string, number>();
    for (const line of lines) {
      const artist = line.getRelated("trackId").getRelated("albumId").getRelated("artistId");
      const price = Math.round(Number(line.unitPrice) * 100) * line.quantity;
      cents.set(artist.name, (cents.get(artist.name) ?? 0) + price);
    }
    const expected = await direct(`
      select a.name, (sum(l.unit_price * l.quantity) * 100)::int
      from invoice_line l join track t using (track_id) join album b using (album_id)
        join artist a using (artist_id) group by a.name`);
    assert.ok(expected.length > 100);
    assert.deepEqual(cents, new Map(expected.map(([artist, sum]) => [artist!, Number(sum)])));
  });

  test(`many-to-many relations give the tracks of each playlist on ${kind}`, skip, async () => {
    const playlists = await models.Playlist.filter().prefetchRelated({ tracks: true }).all();
    const counts = playlists.map((playlist: Loose) => [
      String(playlist.playlistId),
      String(playlist.getRelated("tracks").length),
    ]);
    const expected = await direct(`
      select p.playlist_id::text, count(t.track_id)
      from playlist p left join playlist_track t using (playlist_id) group by 1 order by 1`);
    assert.deepEqual(counts.sort(), expected.sort());
    const grunge = await models.Playlist.get({ name: "Grunge" });
    const tracks = await grunge.fetchM2m("tracks");
    assert.deepEqual(
      tracks.map((track: Loose) => String(track.trackId)).sort(),
      (await direct(`select track_id::text from playlist_track join playlist using (playlist_id)
        where name = 'Grunge'`)).flat().sort(),
    );
  });

  test(`a self reference is followed both ways on ${kind}`, skip, async () => {
    const staff = await models.Employee.filter().selectRelated("reportsTo").orderBy("employeeId")
      .all();
    assert.deepEqual(
      staff.map((one: Loose) => [one.lastName, one.getRelated("reportsTo")?.lastName ?? null]),
      await direct(`select e.last_name, b.last_name from employee e
        left join employee b on b.employee_id = e.reports_to order by e.employee_id`),
    );
    const boss = await models.Employee.get({ reportsTo: null });
    const team = await boss.fetchIfk("employeesByReportsTo");
    assert.deepEqual(
      team.map((one: Loose) => [one.lastName]).sort(),
      (await direct(`select last_name from employee where reports_to = ${boss.employeeId}`)).sort(),
    );
  });

  test(`filters through relations count what SQL counts on ${kind}`, skip, async () => {
    const jazz = await models.Track.count({
      genreId: { is: { name: "Jazz" } },
      invoiceLines: { some: { quantity: { gte: 1 } } },
      unitPrice: { lt: "1.00" },
    });
    const [[expected]] = await direct(`
      select count(*) from track t join genre g using (genre_id)
      where g.name = 'Jazz' and t.unit_price < 1.00
        and exists (select from invoice_line l where l.track_id = t.track_id)`) as [[string]];
    assert.equal(jazz, Number(expected));
    assert.ok(jazz > 0);
    const best = await models.Invoice.filter({ customerId: { is: { country: "Brazil" } } })
      .orderBy("-total", "invoiceId").limit(3).all();
    assert.deepEqual(
      best.map((one: Loose) => [String(one.invoiceId), one.total]),
      await direct(
        `select i.invoice_id::text, i.total from invoice i join customer c using (customer_id)
        where c.country = 'Brazil' order by i.total desc, i.invoice_id limit 3`,
      ),
    );
  });
}

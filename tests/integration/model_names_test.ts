import assert from "node:assert/strict";
import { after, test } from "node:test";
import { foreignKey, integer, manyToMany, model, text } from "../../mod.ts";
import { hostileNames } from "../support/hostile.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place, script } from "./model_world.ts";

/** Names that no column can have, and those that the test itself gives. */
const TAKEN = ["id", "up>", "other'", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];

const names = hostileNames.filter((name) => !TAKEN.includes(name));

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, "");
  after(() => where.close());

  test(`model() carries hostile names through every statement on ${kind}`, {
    skip: server.skip,
  }, async () => {
    const database = await where.open();
    // every name on one server, a part of them on the others
    const step = kind === "pg18" ? 1 : 7;
    for (const name of names.filter((_, index) => index % step === 0)) {
      const q = quote(name);
      // the server's own schemas begin with pg_
      const schema = name.startsWith("pg_") ? `x${name.slice(1)}` : name;
      const s = quote(schema);
      await script(
        database,
        `create schema if not exists ${s};
         create table ${s}.${q} (id int primary key, ${q} text, "up>" int references ${s}.${q});
         create table ${s}."ties ""$1" (${q} int, "other'" int);`,
      );
      class Odd extends model(name, {
        id: integer().primaryKey(),
        value: text().nullable().column(name),
        upId: foreignKey<Odd>(() => Odd).nullable().column("up>"),
        ties: manyToMany<Odd>(() => Odd, {
          through: 'ties "$1',
          source: name,
          target: "other'",
        }),
      }, { database: where.name, schema }) {}
      const shown = JSON.stringify(name);
      const one = await Odd.create({ id: 1, value: name });
      const two = await Odd.create({ id: 2, value: null, upId: 1 });
      two.value = "x";
      await two.save();
      await two.update({ value: name });
      await two.refresh();
      assert.equal(two.value, name, shown);
      const found = await Odd.filter({ value: { contains: name }, upId: { is: { value: name } } })
        .selectRelated("upId").prefetchRelated({ ties: true }).orderBy("-value").all();
      assert.deepEqual(found.map((row) => row.getRelated("upId")?.id), [1], shown);
      assert.equal(await one.addM2m("ties", two, one), 2);
      assert.equal((await one.fetchM2m("ties")).length, 2);
      assert.equal(await Odd.count({ ties: { some: { value: name } } }), 1);
      await one.setM2m("ties", [two]);
      assert.equal(await one.clearM2m("ties"), 1);
      assert.deepEqual(await Odd.filter({ id: 1 }).only("value").all(), [{ value: name }]);
      assert.equal((await Odd.filter().orderBy("value", "id").limit(1).first())?.id, 1);
      assert.equal(await two.delete(), true);
      await script(database, `drop table ${s}.${q}; drop table ${s}."ties ""$1"`);
    }
  });
}

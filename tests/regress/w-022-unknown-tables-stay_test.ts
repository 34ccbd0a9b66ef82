import assert from "node:assert/strict";
import { introspect } from "../../generator/introspect/introspect.ts";
import { diff, plan, toCatalog } from "../../migrations/mod.ts";
import { testEngine } from "./engine.ts";

testEngine("what a change would drop is said as a loss, statement by statement", async (engine) => {
  const { Author, Book, Tag, Pair, Doc, db } = engine;
  const { catalog: live } = await introspect(db.driver);
  const wanted = toCatalog([Author, Book, Tag, Pair, Doc]);
  const { steps } = plan(diff(live, wanted), live, wanted);
  const drops = steps.filter(({ sql }) => /drop table/i.test(sql));
  assert.deepEqual(drops.map(({ sql }) => /"strangers"/.test(sql)), [true]);
  assert.ok(drops.every(({ loss }) => loss !== null));
  assert.ok(drops.every(({ sql }) => !/cascade/i.test(sql)), "nothing is dropped along");
}, { more: "create table strangers (id int primary key);" });

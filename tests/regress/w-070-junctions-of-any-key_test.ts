import assert from "node:assert/strict";
import { integer, manyToMany, model, text } from "../../mod.ts";
import { testDeclared } from "./declared.ts";

class Film extends model("FILM list", {
  code: text().primaryKey(),
  actors: manyToMany<Actor>(() => Actor, {
    through: "film actors",
    source: "film",
    target: "actor",
  }),
}) {}
class Actor extends model("actors", { nr: integer().primaryKey() }) {}

testDeclared(
  "a junction table follows the keys and names of its tables",
  [Film, Actor],
  async ({ db }) => {
    const film = await Film.create({ code: "x" });
    await Actor.bulkCreate([{ nr: 1 }, { nr: 2 }]);
    assert.equal(await film.addM2m("actors", 1, 2), 2);
    assert.deepEqual((await film.fetchM2m("actors")).map(({ nr }) => nr), [1, 2]);
    const { rows } = await db.driver.query({
      text: 'select film, actor from "film actors" order by actor',
      params: [],
    });
    assert.deepEqual(rows, [["x", "1"], ["x", "2"]]);
    await film.delete();
    assert.equal(await Actor.count(), 2);
  },
);

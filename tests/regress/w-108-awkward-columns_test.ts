import assert from "node:assert/strict";
import { typeCheck } from "../integration/generate_support.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "columns named like keywords, methods or with spaces keep their names and break nothing",
  `create table things (
     id int primary key, class text, "two words" text, save text, update text, filter text,
     "toString" text, "then" text, "__proto__" text, "constructor" text
   );`,
  async ({ models: { Thing }, meta, folder }) => {
    const properties = meta("things").columns.map(({ property, name }) => `${property} = ${name}`);
    assert.deepEqual(properties, [
      "id = id",
      "class_ = class",
      "twoWords = two words",
      "save_ = save",
      "update_ = update",
      "filter_ = filter",
      "toString_ = toString",
      "then_ = then",
      "__proto___ = __proto__",
      "constructor_ = constructor",
    ]);
    const thing = await Thing.create({
      id: 1,
      class_: "a",
      twoWords: "b",
      save_: "c",
      __proto___: "d",
    });
    thing.filter_ = "e";
    await thing.save();
    const found = await Thing.filter({ twoWords: "b", filter_: "e" }).get();
    assert.deepEqual([found.class_, found.save_, found.__proto___], ["a", "c", "d"]);
    assert.ok(found instanceof Thing);
    const checked = await typeCheck(folder);
    assert.equal(checked.status, 0, checked.output);
  },
);

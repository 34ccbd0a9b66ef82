import assert from "node:assert/strict";
import { testEngine } from "./engine.ts";

testEngine("save() knows new rows from loaded ones", async ({ Author, Doc, Pair }) => {
  const id = "7f2c1a52-8f0c-4a57-9f5e-0d7f4e3f8a11";
  const doc = new Doc({ id, title: "new" });
  await doc.save();
  doc.title = "changed";
  await doc.save();
  assert.equal((await Doc.get({ id })).title, "changed");
  const ann = new Author({ name: "Ann" });
  await ann.save();
  assert.equal(ann.id, 1);
  const pair = new Pair({ a: 1, b: 2 });
  await pair.save();
  pair.val = "x";
  await pair.save();
  assert.equal(await Pair.count(), 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rows } from "../../src/driver/port.ts";
import { readPlace, WriteMark, writePlace } from "../../src/execute/wal_mark.ts";
import { deferred } from "../../src/util/deferred.ts";

test("readPlace() reads what the server writes, and nothing else", () => {
  for (const text of ["0/0", "0/16B3748", "A/FFFFFFFF", "FFFFFFFF/1"]) {
    assert.equal(writePlace(readPlace(text)), text);
  }
  assert.ok(readPlace("2/0") > readPlace("1/FFFFFFFF"));
  assert.ok(readPlace("1/A0") > readPlace("1/9F"));
  for (const text of ["", "0", "1/", "g/0", "1/2/3", "123456789/0", " 1/2"]) {
    assert.throws(() => readPlace(text), { code: "invalid_token" });
  }
});

test("WriteMark asks once for the callers of a time, and again after a write", async () => {
  const server = { writes: 0 };
  const questions: ((place: string) => void)[] = [];
  const mark = new WriteMark(server, async () => {
    const answer = deferred<string>();
    questions.push(answer.resolve);
    const rows: Rows = { columns: [], rows: [[await answer.promise]], affected: 1 };
    return rows;
  });
  assert.equal(await mark.place(), 0n, "nothing was written");
  server.writes++;
  assert.equal(mark.present, null);
  const [one, two] = [mark.place(), mark.place()];
  assert.equal(questions.length, 1);
  server.writes++;
  const three = mark.place();
  assert.equal(questions.length, 2, "the first question does not tell of the second write");
  questions[1]!("0/2");
  assert.equal(await three, 2n);
  questions[0]!("0/1");
  assert.deepEqual(await Promise.all([one, two]), [1n, 1n]);
  assert.equal(mark.present, 2n, "an answer that was overtaken changes nothing");
  assert.equal(await mark.place(), 2n);
  assert.equal(questions.length, 2);
});

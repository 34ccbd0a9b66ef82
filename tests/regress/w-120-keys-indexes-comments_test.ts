import assert from "node:assert/strict";
import { assertReadsBack } from "../support/compare.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "indexes, keys over several columns, checks and comments are in the model",
  `create table seats (
     id int primary key, room int not null, number int not null, label text,
     constraint seat_once unique (room, number) deferrable initially deferred,
     constraint number_positive check (number > 0) not valid
   );
   create index seats_label on seats (lower(label) desc nulls last) include (room) where number > 1;
   comment on table seats is 'Where people sit';
   comment on column seats.label is 'As printed on it';
   comment on constraint number_positive on seats is 'No cellar';
   comment on index seats_label is 'For the search';`,
  ({ models, meta, catalog }) => {
    assert.equal(assertReadsBack(models, catalog), 1);
    const seats = meta("seats");
    assert.equal(seats.options.comment, "Where people sit");
    assert.equal(seats.column("label").spec.comment, "As printed on it");
    assert.deepEqual(
      seats.constraints.map(({ type, name, comment }) => [type, name, comment]),
      [["check", "number_positive", "No cellar"], ["unique", "seat_once", null]],
    );
    assert.deepEqual(seats.indexes.map(({ name, include, comment }) => [name, include, comment]), [
      ["seats_label", ["room"], "For the search"],
    ]);
  },
);

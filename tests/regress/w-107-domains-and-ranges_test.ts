import assert from "node:assert/strict";
import { typeCheck } from "../integration/generate_support.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "domains, ranges and arrays of enums are typed and read when a table has them",
  `create type mood as enum ('sad', 'ok');
   create domain email as text check (value like '%@%');
   create type float_range as range (subtype = float8);
   create table people (
     id int primary key, mail email not null, moods mood[] not null, span int4range,
     prices float_range, days datemultirange, mails email[]
   );
   insert into people values (1, 'a@b', '{ok,sad}', '[1,5)', '[1.5,2.5]', '{[2020-01-01,2020-01-03)}', '{c@d}');`,
  async ({ models: { Person, moodLabels }, folder }) => {
    const row = await Person.get({ id: 1 });
    assert.deepEqual(row.moods, ["ok", "sad"]);
    assert.equal(row.mail, "a@b");
    assert.deepEqual(row.mails, ["c@d"]);
    assert.equal(row.span.lower, 1);
    assert.equal(row.prices.upper, 2.5);
    assert.equal(row.days[0].lower, "2020-01-01");
    assert.deepEqual(moodLabels, ["sad", "ok"]);
    const checked = await typeCheck(folder);
    assert.equal(checked.status, 0, checked.output);
  },
);

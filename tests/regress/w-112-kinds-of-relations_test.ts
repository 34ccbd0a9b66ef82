import assert from "node:assert/strict";
import { metasOf } from "../support/compare.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "partitioned, inherited and foreign tables and both kinds of views get models, partitions do not",
  `create table logs (at date not null, region text, n int) partition by range (at);
   create table logs_2020 partition of logs for values from ('2020-01-01') to ('2021-01-01')
     partition by list (region);
   create table logs_2020_eu partition of logs_2020 for values in ('eu');
   create table logs_rest partition of logs default;
   create table animals (id int primary key, name text);
   create table dogs (breed text) inherits (animals);
   create foreign data wrapper nothing; create server elsewhere foreign data wrapper nothing;
   create foreign table remote (id int) server elsewhere options (name 'x');
   create view names as select name from animals;
   create materialized view counts as select count(*) as n from animals;
   insert into logs values ('2020-05-05', 'eu', 1), ('1999-01-01', 'us', 2);`,
  async ({ models, meta }) => {
    const kinds = metasOf(models).map((one) => `${one.table} ${one.kind}`);
    assert.deepEqual(kinds.sort(), [
      "animals table",
      "counts materialized view",
      "dogs table",
      "logs table",
      "names view",
      "remote table",
    ]);
    const partitions = meta("logs").options.partitions!;
    assert.deepEqual(
      partitions.map((one) => [one.table, one.partitions?.map((two) => two.table)]),
      [
        ["logs_2020", ["logs_2020_eu"]],
        ["logs_rest", undefined],
      ],
    );
    assert.deepEqual(meta("dogs").columns.map((column) => column.name), ["id", "name", "breed"]);
    assert.deepEqual(meta("dogs").options.inherited, ["id", "name"]);
    assert.equal(meta("remote").options.foreign?.server, "elsewhere");
    assert.equal(await models.Log.count(), 2);
    assert.equal((await models.Count.all())[0].n, 0n);
    assert.ok(!("create" in models.Name), "a view is read only");
  },
);

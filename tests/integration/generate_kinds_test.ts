import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { ModelMeta } from "../../src/schema/meta.ts";
import { assertReadsBack, metasOf } from "../support/compare.ts";
import { testDatabase } from "../support/database.ts";
import { catalogAfter, emptyFolder, generateInto, importFrom } from "../support/generated.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { typeCheck } from "./generate_support.ts";

const everything = await readFile(new URL("./introspect_torture.sql", import.meta.url), "utf8");

const since18 = `
  create table t.since18 (
    id int4range, during daterange, n int constraint n_named not null, m int,
    v int generated always as (m * 2) virtual,
    constraint temporal_pk primary key (id, during without overlaps),
    constraint not_enforced_check check (m > 0) not enforced
  );
  comment on constraint n_named on t.since18 is 'not null comment';
  create table t.refers18 (
    id int4range, period daterange, m int,
    constraint temporal_fk foreign key (id, period period) references t.since18 (id, period during),
    constraint lazy_fk foreign key (m) references t.refers18_target (id) not enforced
  );`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(
    `planGeneration() loses no fact of any table on ${kind}`,
    { skip: server.skip },
    async () => {
      await using db = await testDatabase(server);
      await using folder = await emptyFolder();
      const more = kind === "pg15"
        ? ""
        : `create table t.refers18_target (id int primary key);${since18}`;
      const catalog = await catalogAfter(db.driver, everything + more);
      const plan = await generateInto(folder.path, catalog);
      const models = await importFrom(folder.path);
      const { tables, views } = plan.counts;
      assert.equal(assertReadsBack(models, catalog), tables + views);
      assert.ok(tables > 10 && views > 1, `${tables} tables, ${views} views`);
      const checked = await typeCheck(folder.path);
      assert.equal(checked.status, 0, checked.output);
      if (kind !== "pg15") assertTemporal(metasOf(models));
    },
  );
}

function assertTemporal(metas: readonly ModelMeta[]): void {
  const refers = metas.find((meta) => meta.table === "refers18")!;
  const since = refers.relations.get("since18");
  assert.ok(since?.relation === "fk", "a temporal key is a relation");
  assert.equal(since.reference.options.constraint, false, "its constraint is kept as printed");
  const target = metas.find((meta) => meta.table === "since18")!;
  assert.equal(target.column("v").writable, false);
}

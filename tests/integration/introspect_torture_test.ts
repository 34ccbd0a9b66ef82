import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import { fromSnapshot, toSnapshot } from "../../src/catalog/snapshot.ts";
import type { Driver } from "../../src/driver/port.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { type Fact, relationFacts } from "./introspect_facts.ts";
import { otherFacts } from "./introspect_facts_more.ts";
import { covers, ownAddresses } from "./introspect_walk.ts";

const torture = await readFile(new URL("./introspect_torture.sql", import.meta.url), "utf8");

const only18 = `
  create table t.since18 (
    id int4range, during daterange, n int constraint n_named not null, m int, v int generated always as (m * 2) virtual,
    constraint temporal_pk primary key (id, during without overlaps),
    constraint not_enforced_check check (m > 0) not enforced
  );
  comment on constraint n_named on t.since18 is 'not null comment';
  alter table t.since18 add constraint m_later not null m not valid;
  create table t.refers18 (
    id int4range, during daterange, m int not null no inherit,
    constraint temporal_fk foreign key (id, period during) references t.since18 (id, period during),
    constraint lazy_fk foreign key (m) references t.child (id) not enforced
  );
  create domain t.named_not_null as text constraint says_no not null;`;

const facts18: readonly Fact[] = [
  [`column "t"."since18"."v"`, { generated: { expression: "(m * 2)", kind: "virtual" } }],
  [`constraint "t"."since18"."temporal_pk"`, {
    type: "primary",
    columns: ["id", "during"],
    withoutOverlaps: true,
  }],
  [`constraint "t"."since18"."not_enforced_check"`, { enforced: false, validated: false }],
  [`constraint "t"."since18"."n_named"`, {
    type: "not null",
    columns: ["n"],
    noInherit: false,
    comment: "not null comment",
  }],
  [`constraint "t"."since18"."m_later"`, { type: "not null", validated: false }],
  [`constraint "t"."refers18"."refers18_m_not_null"`, { type: "not null", noInherit: true }],
  [`constraint "t"."refers18"."temporal_fk"`, {
    type: "foreign",
    columns: ["id", "during"],
    period: true,
  }],
  [`constraint "t"."refers18"."lazy_fk"`, { enforced: false }],
  [`domain "t"."named_not_null"`, { notNull: true, checks: [] }],
  [`unmodelled "domain constraint"."says_no on t.named_not_null"`, {}],
];

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`introspect() reads every kind of object on ${kind}`, { skip: server.skip }, async (t) => {
    await using db = await testDatabase(server);
    await run(db.driver, torture);
    const modern = kind !== "pg15";
    if (modern) await run(db.driver, only18);
    const before = await settings(db.driver);
    const { catalog, unreadable } = await introspect(db.driver);

    await t.test("each fact is as declared", () => {
      for (const fact of [...relationFacts, ...otherFacts, ...(modern ? facts18 : [])]) {
        hasFact(catalog, fact);
      }
    });
    await t.test("objects by kind are as many as declared", () => {
      const { constraint, column, ...counts } = countByKind(catalog);
      assert.deepEqual(counts, expectedCounts(modern));
      assert.ok(constraint! > 20 && column! > 80);
      const listed = objectsOf(catalog, "constraint").filter((o) => o.type === "not null");
      assert.equal(listed.length, modern ? 3 : 0);
    });
    await t.test("every object of the server is modelled or listed", async () => {
      const own = await ownAddresses(db.driver);
      assert.ok(own.length > 100);
      assert.deepEqual(own.filter((address) => !covers(catalog, address)), []);
    });
    await t.test("nothing is called unreadable to its owner", () => {
      assert.deepEqual(unreadable, []);
    });
    await t.test("a snapshot gives the same catalog back", async () => {
      assert.deepEqual(await fromSnapshot(await toSnapshot(catalog)), catalog);
    });
    await t.test("a second look gives the same catalog", async () => {
      assert.deepEqual((await introspect(db.driver)).catalog, catalog);
    });
    await t.test("the session's settings are as before", async () => {
      assert.deepEqual(await settings(db.driver), before);
    });
  });
}

async function run(driver: Driver, script: string): Promise<void> {
  const connection = await driver.acquire();
  try {
    await connection.script(script);
  } finally {
    connection.release();
  }
}

/** The settings of a session; those of an extension are there once the session has used it. */
async function settings(driver: Driver): Promise<unknown> {
  const shown = await driver.query({
    text:
      "select name, setting from pg_settings where context = 'user' and name not like '%.%' order by 1",
    params: [],
  });
  return shown.rows;
}

function hasFact(catalog: Catalog, [identity, facts]: Fact): void {
  const object = catalog.objects.get(identity) as Record<string, unknown> | undefined;
  assert.ok(object, `${identity} is missing`);
  for (const [name, value] of Object.entries(facts)) {
    assert.deepEqual(object[name], value, `${identity}: ${name}`);
  }
}

function countByKind(catalog: Catalog): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of catalog.objects.values()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function expectedCounts(modern: boolean): Record<string, number> {
  return {
    "access method": 1,
    aggregate: 4,
    cast: 1,
    collation: 1,
    composite: 1,
    conversion: 1,
    "default privilege": 1,
    domain: modern ? 4 : 3,
    enum: 2,
    "event trigger": 1,
    extension: 1,
    "foreign data wrapper": 1,
    "foreign server": 1,
    function: 10,
    index: 13,
    language: 1,
    "materialized view": 1,
    operator: 1,
    "operator class": 1,
    "operator family": 1,
    policy: 2,
    privilege: modern ? 7 : 5,
    procedure: 1,
    publication: 1,
    range: 2,
    rule: 1,
    schema: 5,
    sequence: 2,
    statistics: 1,
    table: modern ? 20 : 18,
    "text search configuration": 1,
    "text search dictionary": 1,
    "text search parser": 1,
    "text search template": 1,
    transform: 1,
    trigger: 7,
    unmodelled: modern ? 5 : 4,
    view: 1,
  };
}

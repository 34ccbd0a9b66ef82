/** Names of any kind that a query can be given: they work and are quoted, or are refused. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  cast,
  count,
  CTE,
  Databases,
  domain,
  F,
  fn,
  integer,
  jsonb,
  model,
  RESERVED_NAMES,
  sql,
  sum,
  text,
  transaction,
} from "../../mod.ts";
import { asName, hostileNames } from "../support/hostile.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place, script } from "./model_world.ts";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const TABLES = `
create table rows (id int primary key, n int not null, t text, d jsonb);
insert into rows values (1, 10, 'a', '{}'), (2, 20, 'b', '{}'), (3, 30, 'b', null);
create table canary (t text);
insert into canary values ('sings');
create schema made;
`;

/** An object with one entry of any name. */
const entry = <Value>(name: string, value: Value): Record<string, Value> =>
  Object.fromEntries([[name, value]]);

/** A name with room for what the server adds to it, the array's type among others. */
const typeName = (name: string): string => asName(`t_${name}`);

/** The value of a property that is the object's own, as `__proto__` must be too. */
function own(row: object | null | undefined, name: string): unknown {
  assert.ok(row !== null && row !== undefined && Object.hasOwn(row, name), JSON.stringify(name));
  return Object.getOwnPropertyDescriptor(row, name)!.value;
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  after(() => where.close());
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  // every name on one server, a part of them on the others
  const names = kind === "pg18" ? hostileNames : hostileNames.filter((_, at) => at % 7 === 0);

  class Row extends model("rows", {
    id: integer().primaryKey(),
    n: integer(),
    t: text().nullable(),
    d: jsonb<unknown>().nullable(),
  }, { database: where.name }) {}

  const { log } = where;

  /** Runs one piece of work for each name, some at a time. */
  const each = async (work: (name: string) => Promise<void>): Promise<void> => {
    const database = await where.open();
    for (let at = 0; at < names.length; at += 20) {
      await Promise.all(
        names.slice(at, at + 20).map((name) =>
          work(name).catch((cause) => {
            throw new Error(`with the name ${JSON.stringify(name)}`, { cause });
          })
        ),
      );
    }
    const { rows } = await database.driver.query({ text: "select t from canary", params: [] });
    assert.deepEqual(rows, [["sings"]]);
    assert.equal(await Row.count(), 3);
  };

  on(`annotate() and aggregate() take ${names.length} hostile names`, async () => {
    assert.ok(hostileNames.length >= 655, `${hostileNames.length} names`);
    await each(async (name) => {
      const taken = ["id", "n", "t", "d"].includes(name);
      const start = (): never => Row.filter().annotate(entry(name, F("n").plus(1))) as never;
      if (taken) {
        assert.throws(start, { code: "name_taken" });
        return;
      }
      const query = start() as ReturnType<typeof Row.filter>;
      const named = query.filter(entry(name, { gt: 11 }) as never)
        .orderBy({ field: name as never, descending: true });
      const [rows, values, n, union, groups, total] = await Promise.all([
        named.all() as Promise<Row[]>,
        named.values("id", name as never).all(),
        named.count(),
        named.union(query.filter({ id: 1 }) as never).orderBy({ field: name as never })
          .all() as Promise<Row[]>,
        Row.filter().annotate(entry(name, F("t"))).groupBy(name as never)
          .annotate({ _all: sum("n") }).orderBy({ field: name as never }).all(),
        Row.filter().aggregate(entry(name, count())),
      ]);
      assert.deepEqual(rows.map((row) => [row.id, own(row, name)]), [[3, 31], [2, 21]]);
      assert.ok(
        rows.every((row) => row instanceof Row && Object.getPrototypeOf(row) === Row.prototype),
      );
      assert.deepEqual(values.map((row) => own(row, name)), [31, 21]);
      assert.equal(n, 2);
      assert.deepEqual(union.map((row) => own(row, name)), [11, 21, 31]);
      assert.deepEqual(groups.map((row) => own(row, name)), ["a", "b"]);
      assert.equal(own(total, name), 3);
    });
  });

  on("CTEs, identifiers of fragments and keys of JSON take hostile names", async () => {
    await each(async (name) => {
      const cte = new CTE(name, Row.filter({ n: { gt: 10 } }));
      const column = new CTE("one", sql`select 7 as a`, { columns: [name] });
      const [n, found, rows, keys] = await Promise.all([
        Row.filter({ id: { gt: 2 } }).withCte(cte).from(name).count(),
        Row.filter(sql`n = (select max(${sql.id(name)}) + 3 from one)`).withCte(column).all(),
        Row.rawSql(sql`select 7 as ${sql.id(name)} from rows as ${sql.id(name)} limit 1`),
        Row.rawSql(
          sql`select ${sql.value(entry(name, 1), jsonb().spec.codec!)}::jsonb -> ${name} as it`,
        ),
      ]);
      assert.equal(n, 1);
      assert.deepEqual(found.map(({ id }) => id), [1]);
      assert.equal(own(rows[0], name), 7);
      assert.deepEqual(keys, [{ it: 1 }]);
      await Row.filter({ d: { path: [name, name], eq: 1 } }).all();
    });
  });

  on("properties of models take hostile names, or are refused as reserved", async () => {
    await each(async (name) => {
      const define = () =>
        class extends model("rows", {
          id: integer().primaryKey(),
          n: integer().default(0),
          ...entry(name, text().nullable().column("t")),
        }, { database: where.name }) {};
      if (RESERVED_NAMES.has(name)) {
        assert.throws(define, { code: "reserved_name" });
        return;
      }
      if (name === "id" || name === "n") return;
      const Odd = define();
      // all statements for the names of JavaScript's own, and for a part of the others
      if (names.indexOf(name) > 110 && names.indexOf(name) % 5 > 0) return;
      await assert.rejects(
        transaction(async (tx) => {
          const odds = Odd.using(tx);
          const row = await odds.create({ id: 9, n: 1, ...entry(name, "x") } as never);
          assert.equal(own(row, name), "x");
          Object.defineProperty(row, name, { value: "y", enumerable: true });
          await row.save();
          const again = await odds.get(entry(name, "y") as never);
          assert.equal(own(again, name), "y");
          assert.equal(own(again.toDict(), name), "y");
          assert.equal(own(JSON.parse(JSON.stringify(again.toJSON())), name), "y");
          await again.update(entry(name, "z") as never);
          const bulk = await odds.bulkCreate([{ id: 10, ...entry(name, "z") } as never]);
          assert.equal(own(bulk[0], name), "z");
          assert.equal(
            await odds.updateWhere(entry(name, "z") as never, entry(name, "w") as never),
            2,
          );
          const [only] = await odds.filter({ id: 9 } as never).only(name as never).all();
          assert.equal(own(only, name), "w");
          assert.equal(await odds.deleteWhere(entry(name, { startsWith: "w" }) as never), 2);
          throw new Error("undone");
        }, { database: where.name }),
        /^Error: undone$/,
      );
    });
  });

  on("functions and types take hostile names", async () => {
    const database = await where.open();
    const types = [...new Set(names.map(typeName))];
    await script(
      database,
      types.map((type) => `create domain made.${quote(type)} as text;`).join("\n"),
    );
    await each(async (name) => {
      const type = typeName(name);
      const rows = await Row.filter({ id: 1 }).annotate({
        it: cast("t", domain(type, text(), { schema: "made" })),
      }).values("it").all();
      assert.deepEqual(rows, [{ it: "a" }]);
      await assert.rejects(
        Row.filter().annotate({ it: fn(`${name} is no function`, integer(), "n") }).all(),
        { code: "undefined_function" },
      );
    });
  });

  on("channels take hostile names", async () => {
    const database = await where.open();
    const connection = await database.driver.acquire();
    const got: string[] = [];
    const stops: (() => Promise<void>)[] = [];
    for (const name of names) {
      stops.push(await connection.listen(name, (payload) => got.push(`${name}>${payload}`)));
    }
    // the embedded server has one connection, which the listener must not hold meanwhile
    if (!database.driver.capabilities.concurrentConnections) connection.release();
    for (const name of names) {
      await database.driver.query({ text: "select pg_notify($1, 'x')", params: [name] });
    }
    for (let wait = 0; got.length < names.length && wait < 500; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(got.sort(), names.map((name) => `${name}>x`).sort());
    for (const bad of ["a\0b", "\ud800"]) {
      if (!database.driver.capabilities.concurrentConnections) break;
      await assert.rejects(connection.listen(bad, () => {}), { code: "unsupported_character" });
    }
    for (const stop of stops) await stop();
    connection.release();
  });

  on(
    "databases take hostile names; savepoints and cursors have names of the library's own",
    async () => {
      const database = await where.open();
      for (const name of names) {
        const databases = new Databases();
        const register = () =>
          databases.register({ name, driver: database.driver }, () => Promise.reject(new Error()));
        if (name.trim() === "") {
          assert.throws(register, { code: "missing_configuration" });
          continue;
        }
        register();
        assert.equal(databases.get(name).name, name);
        assert.throws(() => databases.get(`${name}?`), { code: "unknown_database" });
      }
      log.length = 0;
      await transaction(async (tx) => {
        await tx.savepoint(async (inner) => {
          for await (const row of Row.using(inner).filter().stream({ batchSize: 2 })) void row;
        });
      }, { database: where.name });
      const said = log.filter((text) => /savepoint|declare|fetch|close/.test(text));
      assert.ok(said.length >= 5);
      for (const text of said) {
        assert.match(
          text,
          /^(?:release )?savepoint "matrx_\d+"$|(?:declare|from|close) "matrx_[a-z0-9]+"/,
        );
      }
    },
  );

  on("names that no identifier can be are refused", async () => {
    await where.open();
    const calls: Record<string, () => unknown> = {
      annotation: () => Row.filter().annotate({ "": F("id") }).all(),
      aggregate: () => Row.filter().aggregate({ "": count() }),
      "sql.id": () => Row.rawSql(sql`select 1 as ${sql.id("")}`),
      "sql.id of nothing": () => Row.rawSql(sql`select 1 as ${sql.id()}`),
      "sql.id of a number": () => Row.rawSql(sql`select 1 as ${sql.id(7 as never)}`),
      CTE: () => new CTE("", sql`select 1`),
      "CTE of a number": () => Row.filter().withCte(new CTE(7 as never, sql`select 1`)).all(),
      from: () => Row.filter().from("nowhere"),
      column: () =>
        class extends model("rows", { id: integer().primaryKey().column("") }) {}.filter().toSql(),
      schema: () =>
        class extends model("rows", { id: integer() }, { schema: "" }) {}.filter().toSql(),
    };
    for (const [name, call] of Object.entries(calls)) {
      await assert.rejects(
        async () => await call(),
        (error: { code?: string; sqlstate?: string }) => {
          assert.equal(typeof error.code, "string", `${name}: ${error}`);
          assert.equal(error.sqlstate, undefined, `${name} was sent`);
          return true;
        },
        name,
      );
    }
  });
}

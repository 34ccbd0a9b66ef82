import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CheckViolationError,
  DatabaseError,
  DataError,
  ExclusionViolationError,
  ForeignKeyViolationError,
  NotNullViolationError,
  PermissionError,
  SqlSyntaxError,
  UndefinedObjectError,
  UniqueViolationError,
} from "../../src/errors/database.ts";
import { ask, everythingSaid, failure, one, type Subject } from "./subject.ts";

/** Errors by SQLSTATE, with names and position, without values. */
export function errorsSection(subject: Subject): void {
  const skip = subject.skip();
  const { name } = subject;

  async function shop(): Promise<Parameters<typeof ask>[0]> {
    const { driver } = await subject.shared();
    await ask(driver, "drop table if exists err_item, err_shop");
    await ask(
      driver,
      "create table err_shop (id int constraint shop_pk primary key, email text not null)",
    );
    await ask(driver, "create unique index shop_email on err_shop (email)");
    await ask(
      driver,
      `create table err_item (shop int constraint item_shop references err_shop, qty int constraint qty_positive
        check (qty > 0), during int4range, constraint no_overlap exclude using gist (during with &&))`,
    );
    await ask(driver, "insert into err_shop values (1, 'someone@secret.example')");
    return driver;
  }

  test(
    `${name}: query() throws the class of a broken constraint with its names`,
    { skip },
    async () => {
      const driver = await shop();
      const unique = await failure(
        ask(driver, "insert into err_shop values ($1, $2)", "2", "someone@secret.example"),
      );
      assert.ok(unique instanceof UniqueViolationError);
      assert.equal(unique.sqlstate, "23505");
      assert.equal(unique.code, "unique_violation");
      assert.deepEqual([unique.schema, unique.table, unique.constraint], [
        "public",
        "err_shop",
        "shop_email",
      ]);
      assert.match(unique.detail?.reveal() ?? "", /someone@secret\.example/);

      const foreign = await failure(ask(driver, "insert into err_item values ($1, 1)", "99"));
      assert.ok(foreign instanceof ForeignKeyViolationError);
      assert.equal(foreign.constraint, "item_shop");

      const missing = await failure(ask(driver, "insert into err_shop values ($1, $2)", "3", null));
      assert.ok(missing instanceof NotNullViolationError);
      assert.deepEqual([missing.table, missing.column], ["err_shop", "email"]);

      const check = await failure(ask(driver, "insert into err_item values (1, $1)", "-5"));
      assert.ok(check instanceof CheckViolationError);
      assert.equal(check.constraint, "qty_positive");

      await ask(driver, "insert into err_item values (1, 1, '[1,5)')");
      const exclusion = await failure(
        ask(driver, "insert into err_item values (1, 1, $1)", "[4,9)"),
      );
      assert.ok(exclusion instanceof ExclusionViolationError);
      assert.equal(exclusion.constraint, "no_overlap");
    },
  );

  test(`${name}: query() throws the class of what the server refused`, { skip }, async () => {
    const { driver } = await subject.shared();
    const cases: readonly (readonly [string, string, typeof DatabaseError])[] = [
      ["select 1 from no_such_table", "42P01", UndefinedObjectError],
      ["select no_such_column from pg_class", "42703", UndefinedObjectError],
      ["select no_such_function()", "42883", UndefinedObjectError],
      ["create table no_such_schema.t ()", "3F000", UndefinedObjectError],
      ["selec 1", "42601", SqlSyntaxError],
      ["select 1/0", "22012", DataError],
      ["select 'x'::int", "22P02", DataError],
    ];
    for (const [text, sqlstate, expected] of cases) {
      const error = await failure(ask(driver, text));
      assert.ok(error instanceof expected, `${text}: ${error.name}`);
      assert.equal(error.sqlstate, sqlstate);
      assert.equal(error.outcome, "rolledBack");
      assert.equal(error.retryable, false);
    }
    assert.equal(await one(driver, "select 1"), "1");
  });

  test(`${name}: query() refuses a text of several commands`, {
    skip: subject.skip("oneCommand"),
  }, async () => {
    const { driver } = await subject.shared();
    const error = await failure(ask(driver, "select 1; select 2"));
    assert.ok(error instanceof SqlSyntaxError, error.name);
    assert.equal(error.sqlstate, "42601");
    assert.equal(await one(driver, "select 1"), "1");
  });

  test(
    `${name}: query() throws PermissionError when the role lacks a right`,
    { skip },
    async () => {
      const driver = await shop();
      const role = `nobody_${crypto.randomUUID().slice(0, 8)}`;
      await ask(driver, `create role ${role}`);
      const connection = await (await subject.shared()).driver.acquire();
      await ask(connection, `begin`);
      await ask(connection, `set local role ${role}`);
      const error = await failure(ask(connection, "select * from err_shop"));
      connection.release();
      assert.ok(error instanceof PermissionError);
      assert.equal(error.sqlstate, "42501");
      await ask(driver, `drop role ${role}`);
    },
  );

  test(`${name}: excerpt() puts a caret under the place of the error`, { skip }, async () => {
    const { driver } = await subject.shared();
    const error = await failure(ask(driver, "select 'ä😀',\n  nope\nfrom pg_class"));
    assert.ok(error instanceof DatabaseError);
    assert.equal(error.position, 16);
    assert.equal(error.excerpt(), "  nope\n  ^");
    assert.equal(error.statement, "select 'ä😀',\n  nope\nfrom pg_class");
  });

  test(`${name}: no text of an error holds a value`, { skip }, async () => {
    const driver = await shop();
    const secret = "x4111-1111-1111-1111";
    const works = [
      ask(driver, "select $1::int", secret),
      ask(driver, "select $1::jsonb", `{"card": ${secret}`),
      ask(driver, "select $1::date", secret),
      ask(driver, "select to_date($1, 'YYYY')", secret),
      ask(driver, "select $1::text::regclass", secret),
      ask(driver, "select $1::inet", secret),
      ask(driver, "select $1::text[]", `{${secret}`),
      ask(driver, "insert into err_shop values (1, $1)", secret),
      ask(driver, "insert into err_shop values ($1, 'x')", secret),
      ask(driver, "insert into err_shop select 5, null from (select $1::text) as s", secret),
    ];
    for (const error of await Promise.all(works.map(failure))) {
      assert.ok(error instanceof DatabaseError);
      assert.ok(!everythingSaid(error).includes("4111"), everythingSaid(error));
      assert.equal(error.cause, undefined);
    }
  });
}

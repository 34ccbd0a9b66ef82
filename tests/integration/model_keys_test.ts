import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  bigint,
  char,
  compositeForeignKey,
  decimal,
  domain,
  enumeration,
  integer,
  inverseForeignKey,
  manyToMany,
  model,
  text,
  timestamptz,
  transaction,
  uuid,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place, shop } from "./model_world.ts";

const U = "aaaaaaaa-0000-0000-0000-00000000000";

const TABLES = `
create type shade as enum ('dark', 'light');
create domain sku as text;
create table k_int8 (id int8 primary key); create table f_int8 (id int primary key, k int4 references k_int8);
create table k_num (id numeric primary key); create table f_num (id int primary key, k numeric references k_num);
create table k_char (id char(5) primary key); create table f_char (id int primary key, k char(5) references k_char);
create table k_uuid (id uuid primary key); create table f_uuid (id int primary key, k uuid references k_uuid);
create table k_enum (id shade primary key); create table f_enum (id int primary key, k shade references k_enum);
create table k_dom (id sku primary key); create table f_dom (id int primary key, k sku references k_dom);
create table k_at (id timestamptz primary key); create table f_at (id int primary key, k timestamptz references k_at);
insert into k_int8 values (1), (2), (9); insert into f_int8 values (1, 1), (2, 2), (3, 1), (4, null);
insert into k_num values (1.50), (2), (9); insert into f_num values (1, 1.5), (2, 2.000), (3, 1.500), (4, null);
insert into k_char values ('ab'), ('c'), ('z'); insert into f_char values (1, 'ab'), (2, 'c  '), (3, 'ab'), (4, null);
insert into k_uuid values ('${U}1'), ('${U}2'), ('${U}9');
insert into f_uuid values (1, '${U}1'), (2, '${U}2'), (3, '${U}1'), (4, null);
insert into k_enum values ('dark'), ('light'); insert into f_enum values (1, 'dark'), (2, 'light'), (3, 'dark'), (4, null);
insert into k_dom values ('{"a,'), ('b'), ('9'); insert into f_dom values (1, '{"a,'), (2, 'b'), (3, '{"a,'), (4, null);
insert into k_at values ('2024-01-01 00:00:00.123456+00'), ('infinity');
insert into f_at values (1, '2024-01-01 00:00:00.123456+00'), (2, 'infinity'), (3, '2024-01-01 00:00:00.123456+00'), (4, null);
create table teams (tenant int, id int, name text, primary key (tenant, id));
create table people (tenant int, id int, name text, boss int, primary key (tenant, id),
  foreign key (tenant, boss) references people);
create table team_people (tenant int, team int, person int);
create table follows (follower text, followed text);
create table users (name text primary key);
`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  const world = shop(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => where.close());
  after(() => world.close());

  const keys = {
    int8: [bigint(), integer()],
    num: [decimal(), decimal()],
    char: [char(5), char(5)],
    uuid: [uuid(), uuid()],
    enum: [enumeration("shade", ["dark", "light"]), enumeration("shade", ["dark", "light"])],
    dom: [domain("sku", text()), domain("sku", text())],
  } as const;

  for (const [name, [key, reference]] of Object.entries(keys)) {
    on(`fetchFk(), prefetchRelated() and filter() follow keys of type ${name}`, async () => {
      await where.open();
      class Key extends model(`k_${name}`, {
        id: key.primaryKey(),
        users: inverseForeignKey<User>(() => User, { fromField: "k" }),
      }, { database: where.name }) {}
      class User extends model(`f_${name}`, {
        id: integer().primaryKey(),
        k: reference.nullable().references<Key>(() => Key),
      }, { database: where.name }) {}
      const users = await User.filter().prefetchRelated({ k: true }).selectRelated("k")
        .orderBy("id").all();
      const prefetched = await User.filter().prefetchRelated({ k: true }).orderBy("id").all();
      const found: unknown[] = [];
      for (const [index, user] of users.entries()) {
        const fetched = await user.fetchFk("k");
        assert.deepEqual(user.getRelated("k")?.id, fetched?.id);
        assert.deepEqual(prefetched[index]!.getRelated("k")?.id, fetched?.id);
        found.push(fetched?.id);
      }
      assert.ok(found[0] !== undefined && found[1] !== undefined);
      assert.deepEqual(found[2], found[0]);
      assert.equal(found[3], undefined);
      const owners = await Key.filter().prefetchRelated({ users: true }).all();
      const first = owners.find((owner) => owner.id === found[0])!;
      assert.deepEqual(first.getRelated("users").map((user) => user.id), [1, 3]);
      assert.deepEqual((await first.fetchIfk("users")).map((user) => user.id), [1, 3]);
      assert.equal(await User.count({ k: { is: { id: first.id as never } } }), 2);
      assert.equal(await Key.count({ users: { none: {} } }), owners.length - 2);
    });
  }

  on("fetchFk() of a key with microseconds that JavaScript cannot hold", async () => {
    await where.open();
    class Key extends model("k_at", {
      id: timestamptz().primaryKey(),
    }, { database: where.name }) {}
    class User extends model("f_at", {
      id: integer().primaryKey(),
      k: timestamptz().nullable().references<Key>(() => Key),
    }, { database: where.name }) {}
    const user = await User.get({ id: 1 });
    assert.ok((await user.fetchFk("k"))?.id instanceof Date);
    const [loaded] = await User.filter({ id: 3 }).prefetchRelated({ k: true }).all();
    assert.ok(loaded!.getRelated("k")?.id instanceof Date);
  });

  on("compositeForeignKey() is followed both ways, a NULL part means no row", async () => {
    const { Seat, Booking, log } = await world.open();
    for (const hall of ["A", "B"]) for (const seat of [1, 2]) await Seat.create({ hall, seat });
    await Booking.create({ id: 1, hall: "A", seat: 1, who: "x" });
    await Booking.create({ id: 2, hall: "A", seat: 2 });
    await Booking.create({ id: 3, hall: "A", seat: null });
    await Booking.create({ id: 4, hall: "A", seat: 1 });
    const bookings = await Booking.filter().selectRelated("place").orderBy("id").all();
    assert.deepEqual(
      bookings.map((one) => one.getRelated("place")?.seat),
      [1, 2, undefined, 1],
    );
    assert.equal((await bookings[1]!.fetchFk("place"))?.seat, 2);
    assert.equal(await bookings[2]!.fetchFk("place"), null);
    log.length = 0;
    const seats = await Seat.filter().prefetchRelated({ bookings: { place: true } })
      .orderBy("hall", "seat").all();
    assert.equal(log.length, 3);
    assert.deepEqual(
      seats.map((seat) => seat.getRelated("bookings").map((one) => one.id)),
      [[1, 4], [2], [], []],
    );
    assert.equal(await Seat.count({ bookings: { some: { who: { isNull: true } } } }), 2);
    assert.equal(await Seat.count({ bookings: { none: {} } }), 2);
    assert.equal(await Booking.count({ place: { is: { hall: "A" } } }), 3);
    assert.equal(await Booking.count({ place: { isNot: { hall: "A" } } }), 1);
    bookings[0]!.seat = 2;
    await bookings[0]!.save();
    assert.equal(bookings[0]!.hasRelated("place"), false);
    assert.equal((await Seat.last())?.seat, 2);
  });

  on("manyToMany() by composite keys that share a column, junction without a key", async () => {
    const database = await where.open();
    class Team extends model("teams", {
      tenant: integer(),
      id: integer(),
      name: text().nullable(),
      people: manyToMany<Person>(() => Person, {
        through: "team_people",
        source: ["tenant", "team"],
        target: ["tenant", "person"],
      }),
    }, { database: where.name, primaryKey: ["tenant", "id"] }) {}
    class Person extends model("people", {
      tenant: integer(),
      id: integer(),
      name: text().nullable(),
      boss: integer().nullable(),
      chief: compositeForeignKey<Person>(() => Person, { fields: ["tenant", "boss"] }),
    }, { database: where.name, primaryKey: ["tenant", "id"] }) {}
    const team = await Team.create({ tenant: 1, id: 1 });
    const people = [];
    for (const tenant of [1, 2]) {
      for (const id of [1, 2, 3]) {
        people.push(await Person.create({ tenant, id, boss: id > 1 ? 1 : null }));
      }
    }
    assert.equal(await team.addM2m("people", people[0]!, { tenant: 1, id: 2 }), 2);
    assert.equal(await team.addM2m("people", people[0]!, people[1]!), 0);
    const ids = async (): Promise<number[]> => (await team.fetchM2m("people")).map((one) => one.id);
    assert.deepEqual(await ids(), [1, 2]);
    await assert.rejects(team.addM2m("people", people[3]!), { code: "incompatible_keys" });
    assert.deepEqual(await ids(), [1, 2]);
    await team.setM2m("people", [people[2]!]);
    assert.deepEqual(await ids(), [3]);
    assert.equal(await team.removeM2m("people", people[0]!, people[2]!), 1);
    await assert.rejects(team.addM2m("people", 5), { code: "invalid_key" });
    await assert.rejects(team.addM2m("people", { tenant: 1 }));
    assert.equal(await Person.count({ chief: { is: { id: 1 } } }), 4);
    const rows = await Person.filter({ tenant: 2 }).prefetchRelated({ chief: true }).all();
    assert.deepEqual(rows.map((one) => one.getRelated("chief")?.tenant), [undefined, 2, 2]);
    void database;
  });

  on("manyToMany() of a model with itself", async () => {
    await where.open();
    class User extends model("users", {
      name: text().primaryKey(),
      following: manyToMany<User>(() => User, {
        through: "follows",
        source: "follower",
        target: "followed",
      }),
      followers: manyToMany<User>(() => User, {
        through: "follows",
        source: "followed",
        target: "follower",
      }),
    }, { database: where.name }) {}
    const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => User.create({ name })));
    assert.equal(await a!.addM2m("following", b!, "c", "b"), 2);
    assert.equal(await b!.addM2m("following", c!), 1);
    const names = (rows: readonly { name: string }[]) => rows.map((row) => row.name);
    assert.deepEqual(names(await c!.fetchM2m("followers")), ["a", "b"]);
    assert.deepEqual(names(await a!.fetchM2m("following")), ["b", "c"]);
    assert.deepEqual(names(await a!.fetchM2m("followers")), []);
    const loaded = await User.filter().prefetchRelated({
      following: { following: true },
    }).orderBy("name").all();
    assert.deepEqual(
      loaded[0]!.getRelated("following").map((one) => names(one.getRelated("following"))),
      [["c"], []],
    );
    assert.deepEqual(
      names(
        await User.filter({ following: { some: { following: { some: { name: "c" } } } } }).all(),
      ),
      ["a"],
    );
    const many = Array.from({ length: 40_000 }, (_, index) => `x${index}`);
    assert.equal(await a!.removeM2m("following", ...many.slice(0, 5), "b"), 1);
    await transaction(async () => {
      assert.equal(await a!.addM2m("following", ...many), 40_000);
      await a!.setM2m("following", [...many, ...many.map((name) => `${name}y`)]);
      assert.equal(await a!.clearM2m("following"), 80_000);
    }, { database: where.name });
  });
}

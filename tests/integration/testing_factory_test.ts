/** Rows that factories make, on tables with every kind of key and check. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  array,
  bigint,
  bit,
  boolean,
  char,
  closeDatabase,
  composite,
  compositeForeignKey,
  customType,
  date,
  decimal,
  domain,
  enumeration,
  foreignKey,
  inet,
  int4range,
  integer,
  interval,
  jsonb,
  model,
  registerDatabase,
  smallint,
  sql,
  text,
  varchar,
} from "../../mod.ts";
import { factory, rollback } from "../../src/testing/mod.ts";
import { insertSchema } from "../../src/zod/schemas.ts";
import { testDatabase } from "../support/database.ts";
import { runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";

const TABLES = `
create type mood as enum ('sad', 'ok');
create domain year as integer check (value >= 1901 and value <= 2155);
create domain plate as text check (value ~ '^[A-Z]{2}-[0-9]{3,4}$');
create type place as (street text, house smallint);
create table tenants (id int primary key, name text not null unique);
create table users (tenant_id int not null references tenants, id int not null,
  email varchar(40) not null unique, manager_id int, primary key (tenant_id, id),
  foreign key (tenant_id, manager_id) references users);
create table posts (id bigint generated always as identity primary key,
  tenant_id int not null references tenants, author_id int not null,
  title varchar(10) not null, slug char(3) not null unique, mood mood not null, made year not null,
  plate plate not null, at place not null, tags text[] not null, meta jsonb not null,
  price numeric(5,2) not null check (price > 0 and price < 10), kind text not null
    check (kind in ('news', 'blog')), low int not null, high int not null check (high > low),
  code text not null check (length(code) >= 12), score real not null check (score between 0 and 1),
  starts date not null, ends date not null, part smallint not null check (part % 7 = 3),
  a text, b text, ok boolean not null check (ok), ratio int not null check (ratio < 0 or ratio > 100),
  host inet not null, flags bit(4) not null, wait interval not null, during int4range not null,
  check (starts < ends), check (a is not null or b is not null),
  foreign key (tenant_id, author_id) references users,
  exclude using gist (during with &&));
create table likes (post_id bigint references posts, tenant_id int, user_id int,
  foreign key (tenant_id, user_id) references users, primary key (post_id, tenant_id, user_id));
create table nodes (id int primary key, parent_id int not null references nodes, label text not null);
create table shops (id serial primary key, boss_id int not null, name text not null);
create table staff (id serial primary key, shop_id int not null references shops, name text not null);
alter table shops add foreign key (boss_id) references staff;
create table odd (id int primary key, x int not null check (md5(x::text) = md5('3')));
`;

const given = await testServer("pg18");
const server = given.skip === false ? given : await testServer("pglite");
const db = await testDatabase(server);
await runScript(db.driver, TABLES);
registerDatabase({ name: "factory", driver: db.driver });
after(async () => {
  await closeDatabase("factory");
  await db[Symbol.asyncDispose]();
});

const database = "factory";

class Tenant extends model("tenants", { id: integer().primaryKey(), name: text() }, { database }) {}
class User extends model("users", {
  tenantId: foreignKey<Tenant>(() => Tenant),
  id: integer(),
  email: varchar(40),
  managerId: integer().nullable(),
  manager: compositeForeignKey<User>(() => User, { fields: ["tenantId", "managerId"] }),
}, { database, primaryKey: ["tenantId", "id"] }) {}
class Post extends model("posts", {
  id: bigint().primaryKey().identity("always"),
  tenantId: foreignKey<Tenant>(() => Tenant),
  authorId: integer(),
  title: varchar(10),
  slug: char(3),
  mood: enumeration("mood", ["sad", "ok"]),
  made: domain("year", integer()),
  plate: domain("plate", text()),
  at: composite("place", { street: text(), house: smallint() }),
  tags: array(text()),
  meta: jsonb(),
  price: decimal(5, 2),
  kind: text(),
  low: integer(),
  high: integer(),
  code: text(),
  score: customType("float4"),
  starts: date(),
  ends: date(),
  part: smallint(),
  a: text().nullable(),
  b: text().nullable(),
  ok: boolean(),
  ratio: integer(),
  host: inet(),
  flags: bit(4),
  wait: interval(),
  during: int4range(),
  author: compositeForeignKey<User>(() => User, { fields: ["tenantId", "authorId"] }),
}, { database }) {}
class Like extends model("likes", {
  postId: foreignKey<Post>(() => Post),
  tenantId: integer(),
  userId: integer(),
  user: compositeForeignKey<User>(() => User, { fields: ["tenantId", "userId"] }),
}, { database, primaryKey: ["postId", "tenantId", "userId"] }) {}
class Node extends model("nodes", {
  id: integer().primaryKey(),
  parentId: foreignKey<Node>(() => Node),
  label: text(),
}, { database }) {}
class Shop extends model("shops", {
  id: integer().primaryKey().default(sql`nextval('shops_id_seq')`),
  bossId: foreignKey<Staff>(() => Staff),
  name: text(),
}, { database }) {}
class Staff extends model("staff", {
  id: integer().primaryKey().default(sql`nextval('staff_id_seq')`),
  shopId: foreignKey<Shop>(() => Shop),
  name: text(),
}, { database }) {}
class Odd extends model("odd", { id: integer().primaryKey(), x: integer() }, { database }) {}

test("factory() makes rows that keep types, domains, checks, unique and foreign keys", async () => {
  await rollback(async () => {
    const posts = await factory(Post).createMany(20);
    assert.equal(new Set(posts.map((post) => post.slug)).size, 20);
    assert.equal(await Tenant.count(), 1);
    assert.equal(await User.count(), 1);
    const [post] = posts;
    assert.match(post!.plate, /^[A-Z]{2}-\d{3,4}$/);
    assert.ok(post!.made >= 1901 && post!.made <= 2155);
    assert.ok(Number(post!.price) > 0 && Number(post!.price) < 10);
  });
});

test("factory() does fill what may be NULL when asked", async () => {
  await rollback(async () => {
    const post = await factory(Post, {}, { fill: true }).create();
    assert.ok(post.a !== null && post.b !== null);
    const user = await factory(User, {}, { fill: true }).create();
    assert.equal(user.managerId, null); // a row cannot be its own manager before it is there
  });
});

test("factory() makes parents of their own where foreign keys are the unique key", async () => {
  await rollback(async () => {
    const likes = await factory(Like).createMany(4);
    assert.equal(new Set(likes.map((like) => `${like.postId} ${like.userId}`)).size, 4);
    assert.equal(await Like.count(), 4);
  });
});

test("factory() does take what is given, and make the rest fit", async () => {
  await rollback(async () => {
    const author = await factory(User).create();
    const post = await factory(Post, { kind: "blog" }).create({
      tenantId: author.tenantId,
      authorId: author.id,
      low: 500,
      title: ({ number }) => `no_${number}`,
    });
    assert.deepEqual([post.kind, post.low, post.title, post.authorId], [
      "blog",
      500,
      "no_1",
      author.id,
    ]);
    assert.ok(post.high > 500);
    assert.equal(await User.count(), 1);
  });
});

test("factory() makes rows that reference themselves or each other", async () => {
  await rollback(async () => {
    const node = await factory(Node).create();
    assert.equal(node.parentId, node.id);
    const shop = await factory(Shop).create();
    const boss = await shop.fetchFk("bossId");
    assert.equal(boss.shopId, shop.id);
    const [one, two] = await factory(Staff).createMany(2);
    assert.ok(one!.id !== two!.id);
  });
});

test("factory() makes the same rows for the same seed, and never the same without one", async () => {
  const make = (seed?: number): unknown =>
    factory(Post, {}, seed === undefined ? {} : { seed }).build();
  assert.deepEqual(make(7), make(7));
  assert.notDeepEqual(make(7), make(8));
  assert.notDeepEqual(make(), make());
  const created = (): Promise<unknown> =>
    rollback(async () => (await factory(User, {}, { seed: 3 }).create()).toDict());
  assert.deepEqual(await created(), await created());
});

test("build() gives values that the schema of inserts takes", () => {
  for (const Model of [Tenant, User, Node, Shop, Staff]) {
    const made = factory(Model as typeof Tenant).build();
    assert.deepEqual(insertSchema(Model as typeof Tenant).safeParse(made).error, undefined);
  }
});

test("factory() tells to give a value where it does not understand a check", async () => {
  await assert.rejects(factory(Odd).create(), (error: Error & { code: string; hint: string }) => {
    assert.equal(error.code, "factory_row_refused");
    assert.match(error.hint, /odd_x_check/);
    return true;
  });
  await rollback(async () => assert.equal((await factory(Odd).create({ x: 3 })).x, 3));
});

test("factory() tells to give a value of a type that it does not know", () => {
  class Strange
    extends model("strange", { id: integer().primaryKey(), x: customType("geometry") }) {}
  assert.throws(() => factory(Strange).build(), { code: "factory_value_missing" });
  assert.equal(factory(Strange, { x: "POINT(0 0)" }).build().x, "POINT(0 0)");
  assert.throws(() => factory(Strange, { y: 1 } as never), { code: "unknown_field" });
  assert.throws(() => factory(Strange, {}, { sead: 1 } as never), { code: "invalid_argument" });
});

test("factory() keeps a key unique that rows of before have", async () => {
  await rollback(async () => {
    await factory(Tenant, {}, { seed: 1 }).createMany(3);
    await factory(Tenant, {}, { seed: 1 }).createMany(3);
    assert.equal(await Tenant.count(), 6);
  });
});

import assert from "node:assert/strict";
import { testGenerated } from "./world.ts";

testGenerated(
  "auth.users and public.users are two classes and keys lead to the right one",
  `create schema auth;
   create table auth.users (id int primary key, email text);
   create table users (id int primary key, auth_id int references auth.users, name text);
   create table logins (id int primary key, auth_user_id int references auth.users, user_id int references users);
   insert into auth.users values (7, 'a@b');
   insert into users values (1, 7, 'Ann');
   insert into logins values (5, 7, 1);`,
  async ({ models: { AuthUser, User, Login } }) => {
    assert.equal(AuthUser.meta.schema, "auth");
    assert.equal(User.meta.schema, "public");
    const login = await Login.get({ id: 5 });
    const [one, other] = [await login.fetchFk("authUserId"), await login.fetchFk("userId")];
    assert.ok(one instanceof AuthUser && other instanceof User);
    assert.deepEqual([one.email, other.name], ["a@b", "Ann"]);
    assert.deepEqual((await one.fetchIfk("users")).map((row: { id: number }) => row.id), [1]);
  },
);

testGenerated(
  "no auth.users is generated when the database has none",
  "create table users (id int primary key);",
  ({ models }) => assert.deepEqual(Object.keys(models), ["User"]),
);

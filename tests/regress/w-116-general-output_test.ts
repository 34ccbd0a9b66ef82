import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LIBRARY } from "../support/generated.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "generated files import the library and each other, and nothing of any application",
  `create type mood as enum ('ok');
   create table users (id int primary key, mood mood);
   create table orders (id int primary key, user_id int references users);
   create view names as select id from users;`,
  async ({ folder }) => {
    const names = (await readdir(folder, { recursive: true })).filter((name) =>
      name.endsWith(".ts")
    );
    const imported = new Set<string>();
    for (const name of names) {
      const text = await readFile(join(folder, name), "utf8");
      for (const [, path] of text.matchAll(/(?:from|import\() ?"([^"]*)"/g)) imported.add(path!);
    }
    const foreign = [...imported].filter((path) =>
      !path.startsWith("./") && !path.startsWith("../")
    );
    assert.deepEqual(foreign, [LIBRARY]);
  },
);

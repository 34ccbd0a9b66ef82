import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { DENO, runCli } from "./cli_process.ts";
import { testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const skip = DENO === undefined ? "the sandbox is that of Deno" : server.skip;
const db = skip === false ? await testDatabase(server) : undefined;
after(() => db?.[Symbol.asyncDispose]());

/** Ends what a killed run left asleep on the server, which holds the lock of migrations. */
async function wakeAll(): Promise<void> {
  await db!.driver.query({
    text: `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_sleep%'`,
    params: [],
  });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} reaches the process that does the work, and ends both`, { skip }, async () => {
    await using folder = await testFolder();
    const name = `asleep_${signal}`;
    await folder.write(
      "migrations/0001_sleep.up.sql",
      `set application_name = '${name}'; select pg_sleep(60)`,
    );
    const asleep = async (): Promise<number> => {
      const { rows } = await db!.driver.query({
        text: `select count(*) from pg_stat_activity where application_name = '${name}'`,
        params: [],
      });
      return Number(rows[0]![0]);
    };
    const ran = await runCli(["-A"], ["migrate"], {
      cwd: folder.path,
      env: { DATABASE_URL: db!.url },
      meanwhile: async (child) => {
        while (await asleep() === 0 && child.exitCode === null) await sleep(100);
        child.kill(signal);
      },
    });
    await wakeAll();
    assert.deepEqual([ran.code, ran.signal], [null, signal], ran.err);
  });
}

test("the secrets of a call are on no command line", { skip }, async () => {
  await using folder = await testFolder();
  await folder.write(
    "migrations/0001_look.ts",
    `export async function up(db: { fetchVal(text: string): Promise<unknown> }): Promise<void> {
  await db.fetchVal("select pg_sleep(60)");
}`,
  );
  let seen = "";
  const ran = await runCli(["-A"], ["migrate"], {
    cwd: folder.path,
    env: { DATABASE_URL: db!.url },
    meanwhile: async (child) => {
      const isWaiting = async (): Promise<boolean> => {
        const { rows } = await db!.driver.query({
          text: "select count(*) from pg_stat_activity where query = 'select pg_sleep(60)'",
          params: [],
        });
        return Number(rows[0]![0]) > 0;
      };
      while (!await isWaiting() && child.exitCode === null) await sleep(100);
      seen = new TextDecoder().decode(
        (await new Deno.Command("ps", { args: ["-eo", "args"] }).output()).stdout,
      );
      child.kill("SIGTERM");
    },
  });
  await wakeAll();
  assert.equal(ran.signal, "SIGTERM", ran.err);
  const scoped = seen.split("\n").filter((line) => line.includes("--ignore-env"));
  assert.ok(scoped.length > 0, seen);
  assert.ok(!seen.includes(db!.url), "the URL is on no command line");
});

test("without the right to run Deno the command says what stays, and gives back the rest", {
  skip,
}, async () => {
  await using folder = await testFolder();
  await folder.write(
    "migrations/0001_look.ts",
    `export async function up(): Promise<void> {
  const states = (["run", "ffi", "sys", "write", "net", "read"] as const)
    .map((name) => Deno.permissions.querySync({ name }).state);
  throw new Error(states.join());
}`,
  );
  const flags = ["--no-prompt", "--allow-read", "--allow-write", "--allow-net", "--allow-env"];
  const ran = await runCli([...flags, "--allow-sys", "--allow-ffi"], ["migrate"], {
    cwd: folder.path,
    env: { DATABASE_URL: db!.url },
  });
  assert.equal(ran.code, 1);
  assert.equal(ran.err.match(/^warning .*\(net, read, env\)/gm)?.length, 1, ran.err);
  assert.match(ran.err, /failed: prompt,prompt,prompt,prompt,granted,granted/);
});

test("the exit status is that of the process that did the work", { skip }, async () => {
  await using folder = await testFolder();
  const start = { cwd: folder.path, env: { DATABASE_URL: db!.url } };
  assert.equal((await runCli(["-A"], ["generate", "--schema", "nowhere"], start)).code, 1);
  assert.equal((await runCli(["-A"], ["generate", "--shema", "x"], start)).code, 2);
  assert.equal((await runCli(["-A"], ["rollback", "--steps", "0"], start)).code, 2);
});

/**
 * Starts the test servers once, runs a command with their URLs in its environment, and ends with its status.
 *
 * Usage: `deno run -A tools/with_servers.ts -- deno test -A tests/integration`
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { testServer } from "../tests/support/servers.ts";

const words = process.argv.slice(2);
const command = words[0] === "--" ? words.slice(1) : words;
const program = command[0];
if (program === undefined) {
  console.error("usage: with_servers.ts -- command...");
  process.exit(2);
}
const [pg18, pg15] = await Promise.all([testServer("pg18"), testServer("pg15")]);
const child = spawn(program, command.slice(1), {
  stdio: "inherit",
  env: {
    ...process.env,
    ...(pg18.url === "" ? {} : { MATRX_PG18_URL: pg18.url }),
    ...(pg15.url === "" ? {} : { MATRX_PG15_URL: pg15.url }),
  },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  console.error(`Cannot run ${program}: ${error.message}`);
  process.exit(127);
});
child.on("close", (status) => process.exit(status ?? 1));

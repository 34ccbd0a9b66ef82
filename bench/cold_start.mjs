// Loads a bundle and runs its query once: what a process does at its start. Plain JavaScript, for Node and Deno.
import process from "node:process";
import { pathToFileURL } from "node:url";

const [bundle, url] = process.argv.slice(2);
const started = performance.now();
const { run } = await import(pathToFileURL(bundle).href);
const loaded = performance.now();
const name = await run(url);
const answered = performance.now();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({
  ...{ name, load: loaded - started, query: answered - loaded, cpu: (user + system) / 1000 },
}));

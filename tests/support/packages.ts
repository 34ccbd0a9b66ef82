/** Packages that tests alone need, by a lock file of their own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cacheFolder, publish } from "./binaries.ts";

/** What is installed, with exact versions. */
const PACKAGES = { "@neondatabase/serverless": "1.2.0", "postgres": "3.4.9" } as const;

/** Gives the URL of a file of a package; installs the packages on first use. Needs Deno. */
export async function packageFile(name: keyof typeof PACKAGES, file: string): Promise<string> {
  const edition = Object.entries(PACKAGES).map((one) => one.join("-").replaceAll("/", "-"));
  const target = join(await cacheFolder(), `packages-${edition.join("-")}`);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}.${Date.now()}`;
    await mkdir(draft);
    await writeFile(join(draft, "package.json"), JSON.stringify({ dependencies: PACKAGES }));
    // deno.lock holds what the package and its demo need
    const lock = fileURLToPath(new URL("packages.lock", import.meta.url));
    const args = ["install", "--quiet", `--lock=${lock}`, "--frozen"];
    const done = spawnSync(process.execPath, args, { cwd: draft, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`Cannot install packages for tests: ${done.stderr}`);
    await publish(draft, target);
  }
  return pathToFileURL(join(target, "node_modules", name, file)).href;
}

/** Programs on the npm package, bundled into one file as a deployment tool does it, and workerd. */
import { spawn } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { packUnchecked } from "../../tools/npm_tarball.ts";
import { npmPackage } from "../../tools/pack_npm.ts";
import { listens } from "../support/listens.ts";
import { succeed, type Workplace } from "../support/program.ts";
import { freePort } from "../support/servers.ts";
import { npmInstall, type Toolbox } from "../support/toolbox.ts";
import { workerdConfig } from "../support/workerd.ts";
import { readPackage } from "./package.ts";

/** Installs the npm package and more into an empty folder, without the embedded database. */
export async function installPackage(
  place: Workplace,
  more: readonly string[] = ["pg@8.23.1"],
): Promise<void> {
  const tarball = join(place.path, "matrx-orm.tgz");
  await writeFile(tarball, npmPackage(await packUnchecked(await readPackage())));
  await place.write("package.json", `{ "private": true, "type": "module" }`);
  await npmInstall(place.path, [tarball, ...more]);
}

/**
 * The part of a deployment tool: packages of npm `require()` built-in modules, which a Worker has to
 * import.
 */
const BUILD = (esbuild: string): string => `
import { build } from ${JSON.stringify(esbuild)};
import { builtinModules } from "node:module";
const [entry, outfile] = process.argv.slice(2);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: "esm",
  target: "es2022",
  conditions: ["workerd", "worker"],
  external: ["cloudflare:*"],
  plugins: [{
    name: "built-in modules",
    setup(made) {
      made.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) => {
        const name = path.replace(/^node:/, "");
        if (!builtinModules.includes(name)) return;
        return kind === "require-call"
          ? { path: name, namespace: "required" }
          : { path: "node:" + name, external: true };
      });
      made.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
        contents: "import all from " + JSON.stringify("node:" + path) + "; module.exports = all;",
      }));
    },
  }],
});
`;

/** Bundles a program of a folder where the package is installed. */
export async function bundleWorker(
  place: Workplace,
  tools: Toolbox,
  entry: string,
  out: string,
): Promise<void> {
  const esbuild = pathToFileURL(tools.path("esbuild").replace(/bin\/esbuild$/, "lib/main.js")).href;
  const build = await place.write("build.mjs", BUILD(esbuild));
  await succeed(tools.path("node24"), [build, entry, out], { cwd: place.path });
}

/** A Worker that answers on the loopback. */
export interface Worker extends AsyncDisposable {
  readonly url: string;
  /** What it printed. */
  printed(): string;
}

/** Starts workerd on a bundle. `flags` are its compatibility flags. */
export async function startWorker(
  tools: Toolbox,
  place: Workplace,
  bundle: string,
  options: { readonly flags: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<Worker> {
  const port = await freePort();
  const env = options.env ?? {};
  const folder = join(place.path, `worker-${port}`);
  await mkdir(folder);
  await copyFile(join(place.path, bundle), join(folder, "worker.js"));
  const config = workerdConfig(port, options.flags, Object.keys(env));
  await writeFile(join(folder, "config.capnp"), config);
  const child = spawn(tools.path("workerd"), ["serve", "config.capnp"], {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part: Uint8Array) => printed += String(part));
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const limit = Date.now() + 60_000;
  while (!await listens(port)) {
    if (child.exitCode !== null || Date.now() > limit) {
      child.kill("SIGKILL");
      throw new Error(`workerd did not start:\n${printed}`);
    }
    await sleep(50);
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    printed: () => printed,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

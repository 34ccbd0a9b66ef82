/**
 * Packs the package for npm: what `deno pack` makes, with the command, the Node range and optional peers.
 * The same sources give the same bytes, wherever and whenever they are packed.
 *
 * Usage: `deno run -A tools/pack_npm.ts OUT.tgz`
 */
import { basename } from "node:path";
import { denoPack, type Files, textOf, writeTarball } from "./npm_tarball.ts";
import { ROOT } from "./project.ts";

/** Packages that a user installs for the driver that they choose, or for schemas. */
const OPTIONAL_PEERS = ["pg", "@electric-sql/pglite", "@electric-sql/pglite-pgvector", "zod"];

/** Packages whose pools drivers take without naming them in the code. */
const POOLS: Readonly<Record<string, string>> = {
  "@neondatabase/serverless": "^1.0.0",
  "postgres": "^3.4.0",
};

interface Manifest {
  dependencies?: Record<string, string>;
  [key: string]: unknown;
}

/** Adds to a manifest what `deno pack` does not know. */
export function completeManifest(manifest: Manifest): Manifest {
  const dependencies: Record<string, string> = {};
  const peers: Record<string, string> = { ...POOLS };
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

/** The file that `matrx` runs. */
const PROGRAM = "bin.js";

/** Makes the npm package of what `deno pack` gave. */
export function npmPackage(packed: Files): Uint8Array {
  const files = new Map(packed);
  const manifest = completeManifest(JSON.parse(textOf(files, "package.json")) as Manifest);
  files.set("package.json", encode(`${JSON.stringify(manifest, null, 2)}\n`));
  const program = textOf(files, PROGRAM);
  if (!program.startsWith("#!")) files.set(PROGRAM, encode(`#!/usr/bin/env node\n${program}`));
  return writeTarball(files, [PROGRAM]);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

if (import.meta.main) {
  const [out] = Deno.args;
  if (out === undefined) {
    console.error("usage: pack_npm.ts OUT.tgz");
    Deno.exit(2);
  }
  const tarball = npmPackage(await denoPack(ROOT));
  await Deno.writeFile(out, tarball);
  console.log(`${basename(out)}: ${tarball.length} B`);
}

/** How large the core is in a bundle, and how long it takes to import. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { median } from "./report.ts";

/** Size in bytes, time in ms. */
export interface Loading {
  readonly bundle: number;
  readonly importMs: number;
  /** How often the import was timed. */
  readonly imports: number;
}

const IMPORTS = 15;
const root = new URL("../mod.ts", import.meta.url);

const APP = (from: string): string => `
import { integer, model, registerDatabase, text } from ${JSON.stringify(from)};
registerDatabase({ name: "main", driver: globalThis.driver });
class Customer extends model("customers", { id: integer().primaryKey(), name: text() }) {}
const made = await Customer.create({ id: 1, name: "Ada" });
console.log(made, await Customer.filter({ name: { startsWith: "A" } }).orderBy("name").all());
`;

/** Bundles a one-model app; gives the bytes of what it loads at its start, minified and gzipped. */
async function bundleSize(folder: string): Promise<number> {
  const entry = join(folder, "app.ts");
  await writeFile(entry, APP(fileURLToPath(root)));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    // drivers are imported on first use: chunks of their own, which such an app never loads
    splitting: true,
    format: "esm",
    target: "es2022",
    external: ["npm:*", "node:*"],
    outdir: folder,
    absWorkingDir: folder,
    metafile: true,
    write: false,
  });
  const bytes = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  const seen = new Set<string>();
  const visit = (name: string): number => {
    if (seen.has(name)) return 0;
    seen.add(name);
    const own = gzipSync(bytes.get(join(folder, name))!, { level: 9 }).length;
    const parts = metafile.outputs[name]!.imports;
    return parts.filter(({ kind, external }) => kind === "import-statement" && external !== true)
      .reduce((sum, { path }) => sum + visit(path), own);
  };
  return visit("app.js");
}

/** Imports mod.ts in fresh processes, compiled before; gives the median in ms. */
async function importTime(folder: string): Promise<number> {
  const file = join(folder, "import.ts");
  await writeFile(
    file,
    `const started = performance.now();
await import(${JSON.stringify(root.href)});
console.log(performance.now() - started);`,
  );
  const run = (): number => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["run", "--no-config", "--no-check", "-A", file],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  };
  run();
  return median(Array.from({ length: IMPORTS }, run));
}

/** Measures both. */
export async function measureLoading(): Promise<Loading> {
  const folder = await mkdtemp(join(tmpdir(), "matrx-bench-"));
  try {
    return {
      bundle: await bundleSize(folder),
      importMs: await importTime(folder),
      imports: IMPORTS,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

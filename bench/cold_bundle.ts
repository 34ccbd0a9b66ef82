/** Bundles the programs of cold/ in one way for all of them. */
import { readFile, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

/** What is measured, by the name of its program. */
export const CANDIDATES = ["matrx", "drizzle", "kysely", "pg"] as const;

/** The name of a program. */
export type ColdName = typeof CANDIDATES[number];

/** A program as files that runtimes load. */
export interface ColdBundle {
  /** For Node and Deno: exports `run(url)`. */
  readonly program: string;
  /** For workerd: answers a request. */
  readonly worker: string;
  /** Bytes of the program, minified and gzipped. */
  readonly gzipped: number;
}

const here = fileURLToPath(new URL(".", import.meta.url));

/** `npm:` specifiers name what is installed here; what a program on a server never loads stays out. */
const packages: Plugin = {
  name: "packages",
  setup(made) {
    made.onResolve({ filter: /^npm:/ }, ({ path }) => {
      const name = /^npm:((?:@[^/]+\/)?[^@/]+)/.exec(path)![1]!;
      if (name !== "pg") return { path, external: true };
      return made.resolve(name, { kind: "import-statement", resolveDir: here });
    });
    // a driver that is loaded by the scheme of its URL, which such a program does not have
    made.onResolve({ filter: /\/drivers\/pglite\.ts$/ }, ({ path }) => ({ path, external: true }));
    // pg asks for its native twin, which is optional, and for sockets of Workers
    made.onResolve({ filter: /^(?:pg-native|cloudflare:.*)$/ }, ({ path }) => ({
      path,
      external: true,
    }));
  },
};

/** Workers import built-in modules: what packages require is turned into that. */
const imported: Plugin = {
  name: "built-in modules",
  setup(made) {
    made.onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, "");
      if (!builtinModules.includes(name)) return;
      return kind === "require-call"
        ? { path: name, namespace: "required" }
        : { path: `node:${name}`, external: true };
    });
    made.onLoad({ filter: /.*/, namespace: "required" }, ({ path }) => ({
      contents: `import all from ${JSON.stringify(`node:${path}`)}; module.exports = all;`,
    }));
  },
};

const COMMON = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
} as const;

/** Bundles one program into a folder. */
export async function bundleCold(name: ColdName, folder: string): Promise<ColdBundle> {
  const entry = join(here, "cold", `${name}.ts`);
  const program = join(folder, `${name}.mjs`);
  await build({
    ...COMMON,
    entryPoints: [entry],
    outfile: program,
    platform: "node",
    plugins: [packages],
    // packages of CommonJS call require() for built-in modules
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
  });
  const front = join(folder, `${name}_worker.ts`);
  await writeFile(
    front,
    `import { run } from ${JSON.stringify(entry)};
export default {
  async fetch(_request, env) { return new Response(await run(env.DATABASE_URL)); },
};`,
  );
  const worker = join(folder, `${name}_worker.js`);
  await build({
    ...COMMON,
    entryPoints: [front],
    outfile: worker,
    conditions: ["workerd", "worker"],
    nodePaths: [join(here, "node_modules")],
    plugins: [packages, imported],
  });
  const gzipped = gzipSync(await readFile(program), { level: 9 }).length;
  return { program, worker, gzipped };
}

/**
 * Prints how large programs of one model are once they are bundled, minified and gzipped, and what
 * of the library is in them. Drivers are left out.
 *
 * Usage: `deno run -A tools/bundle.ts [--files]`; `--files` lists every file. Ends with 1 where the
 * first program is over its limit.
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { printTable } from "./conformance_table.ts";
import { ROOT } from "./project.ts";

/** How many bytes the program of one model may have, gzipped. Raise it for a feature of every model alone. */
export const ONE_MODEL_LIMIT = 47_500;

/** A program as a bundler makes it. */
export interface Bundle {
  /** Bytes of the minified text. */
  readonly minified: number;
  /** Bytes of it, gzipped. */
  readonly gzipped: number;
  /** Bytes of the minified text by the file that they come from, as a path from the root. */
  readonly files: ReadonlyMap<string, number>;
  /** What it loads on demand, or expects to find where it runs. */
  readonly imports: readonly string[];
}

/** Bundles a program with its drivers left out; `deno bundle` fetches esbuild from npm. */
export async function bundle(entry: string): Promise<Bundle> {
  const folder = await Deno.makeTempDir({ prefix: "matrx-bundle-" });
  try {
    const path = join(folder, "out.js");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--no-lock", "--minify", "--format", "esm"],
        ...["--sourcemap", "external", "--external", "*/node_pg.ts", "--external", "*/pglite.ts"],
        ...["--external", "*/replica_set.ts", "--external", "*/keyset.ts"],
        ...["--external", "*/keyset_page.ts", "--external", "*/engine.ts"],
        ...["--output", path, join(ROOT, entry)],
      ],
      cwd: ROOT,
    }).output();
    if (!success) throw new Error(`deno bundle: ${new TextDecoder().decode(stderr)}`);
    const text = await Deno.readTextFile(path);
    const map = JSON.parse(await Deno.readTextFile(`${path}.map`)) as SourceMap;
    return {
      minified: new TextEncoder().encode(text).length,
      gzipped: gzipSync(text, { level: 9 }).length,
      files: shares(text, map, folder),
      imports: [
        ...new Set(
          [...text.matchAll(/(?:\bimport\(|^import[^";]*)"([^"]+)"/gm)].map(([, to]) => to!),
        ),
      ],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/** How much of a text comes from each source: what stands between a mapping and the next is its own. */
function shares(text: string, map: SourceMap, folder: string): Map<string, number> {
  const names = map.sources.map((source) => {
    const path = join(folder, source);
    return path.startsWith(ROOT) ? path.slice(ROOT.length + 1) : path;
  });
  const bytes = new Map<string, number>();
  const lines = text.split("\n");
  let source = 0;
  map.mappings.split(";").forEach((mapped, index) => {
    let [column, from] = [0, 0];
    const add = (until: number): void => {
      const name = names[source]!;
      bytes.set(name, (bytes.get(name) ?? 0) + until - from);
      from = until;
    };
    for (const segment of mapped.split(",").filter((one) => one !== "")) {
      const [move = 0, step] = numbersIn(segment);
      column += move;
      add(column);
      source += step ?? 0;
    }
    add(lines[index]!.length + 1);
  });
  return bytes;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Reads the numbers of a segment: five bits a digit, the lowest first, the sign in the last bit. */
function numbersIn(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/** The room that a file of the library is in. */
function roomOf(file: string): string {
  return file.startsWith("src/") ? file.split("/").slice(0, 2).join("/") : file;
}

function byRoom(files: ReadonlyMap<string, number>): Map<string, number> {
  const rooms = new Map<string, number>();
  for (const [file, size] of files) rooms.set(roomOf(file), (rooms.get(roomOf(file)) ?? 0) + size);
  return rooms;
}

if (import.meta.main) {
  const PROGRAMS = ["tools/bundle/one_model.ts", "tools/bundle/with_sql.ts", "mod.ts"];
  const bundles = await Promise.all(PROGRAMS.map(bundle));
  printTable(PROGRAMS.map((program, index) => ({
    program,
    minified: String(bundles[index]!.minified),
    gzipped: String(bundles[index]!.gzipped),
    limit: index === 0 ? String(ONE_MODEL_LIMIT) : "",
  })));
  const [first] = bundles;
  const parts = Deno.args.includes("--files") ? first!.files : byRoom(first!.files);
  console.log(`\n${PROGRAMS[0]}, minified:`);
  printTable(
    [...parts].sort((a, b) => b[1] - a[1])
      .map(([part, size]) => ({ part, bytes: String(size) })),
  );
  if (first!.gzipped > ONE_MODEL_LIMIT) Deno.exit(1);
}

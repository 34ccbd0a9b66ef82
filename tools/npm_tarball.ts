/** Packs a folder as npm wants it, and reads and writes tarballs: the same files give the same bytes. */
import { createTar, parseTar } from "npm:nanotar@0.3.0";
import { gunzipSync, gzipSync } from "node:zlib";

/** The files of a tarball by their paths below its one folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** The time that npm itself gives every file, so that no clock is in a tarball. */
const TIME = Date.UTC(1985, 9, 26, 8, 15);

/** Reads a gzipped tarball whose files lie in one folder, or in none. */
export function readTarball(bytes: Uint8Array, folder = "package/"): Files {
  const files = new Map<string, Uint8Array>();
  // a copy, since the parser reads a buffer from its start
  for (const entry of parseTar(new Uint8Array(gunzipSync(bytes)))) {
    if (entry.type !== "file") continue;
    files.set(entry.name.slice(folder.length), (entry.data ?? new Uint8Array()).slice());
  }
  return files;
}

/** Writes a gzipped tarball, sorted by path, of no time and no owner. `programs` may be run. */
export function writeTarball(files: Files, programs: readonly string[] = []): Uint8Array {
  const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
  const tar = createTar(
    sorted.map(([path, data]) => ({
      name: `package/${path}`,
      data,
      attrs: { mode: programs.includes(path) ? "755" : "644" },
    })),
    { attrs: { mtime: TIME, uid: 0, gid: 0 } },
  );
  return new Uint8Array(gzipSync(tar, { level: 9 }));
}

/** What `deno pack` is told to leave unchecked, and the line that tells it. */
const UNCHECKED = "// @ts-nocheck\n";

/** Packs the package of a folder by `deno pack`, which checks its types: 20 s of CPU the first time. */
export async function denoPack(folder: string): Promise<Files> {
  const place = await Deno.makeTempDir({ prefix: "matrx-pack-" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["pack", "--allow-dirty", "--no-source-maps", "-o", `${place}/raw.tgz`],
      cwd: folder,
    }).output();
    if (!success) throw new Error(`deno pack: ${new TextDecoder().decode(stderr)}`);
    return readTarball(await Deno.readFile(`${place}/raw.tgz`));
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

/** Packs files whose types were checked before, from a folder of their own; the outcome is the same. */
export async function packUnchecked(files: Files): Promise<Files> {
  const folder = await Deno.makeTempDir({ prefix: "matrx-pack-" });
  try {
    for (const [path, data] of files) {
      const place = `${folder}/${path}`;
      await Deno.mkdir(place.slice(0, place.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(place, data);
      if (!path.endsWith(".ts")) continue;
      const text = new TextDecoder().decode(data);
      const start = text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
      await Deno.writeTextFile(place, text.slice(0, start) + UNCHECKED + text.slice(start));
    }
    const config = JSON.parse(textOf(files, "deno.json")) as Record<string, unknown>;
    // neither the members of the workspace nor the lock file are among what is published
    for (const key of ["workspace", "lock", "lint", "nodeModulesDir"]) delete config[key];
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
    const packed = [...await denoPack(folder)].map(([path, data]): [string, Uint8Array] => {
      if (!/\.(?:js|d\.ts)$/.test(path)) return [path, data];
      const text = new TextDecoder().decode(data).replace(UNCHECKED, "");
      return [path, new TextEncoder().encode(text)];
    });
    return new Map(packed);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads a file of a package as text. */
export function textOf(files: Files, path: string): string {
  const data = files.get(path);
  if (data === undefined) throw new Error(`The package has no ${path}`);
  return new TextDecoder().decode(data);
}

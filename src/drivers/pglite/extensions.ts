import { parseTarGzip } from "npm:nanotar@0.3.0";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../../errors/base.ts";
import type { PgliteFileSystem } from "./engine.ts";
import { extensionPackages } from "./package.ts";

/** Where PGlite keeps its program files. */
const ROOT = "/pglite";

interface Bundled {
  setup(database: never, options: unknown): Promise<{ readonly bundlePath?: URL }>;
}

async function bundleOf(extension: unknown): Promise<string> {
  const { bundlePath } = await (extension as Bundled).setup(undefined as never, {});
  if (bundlePath === undefined) {
    throw new ConfigurationError("Cannot load an extension: its package holds no bundle", {
      code: "extension_without_bundle",
      hint: "Install the versions of PGlite and its extensions that this package names",
    });
  }
  return fileURLToPath(bundlePath);
}

/**
 * Whether a statement may need the files of extensions.
 *
 * They are not loaded at the start, which would cost half a second; a statement that names extensions loads all
 * of them, which costs under 0.1 s, and the server compiles only the library that it uses.
 */
export function namesExtensions(text: string): boolean {
  return /extension/i.test(text);
}

/** Puts the files of every extension that PGlite ships, and of pgvector, where the server finds them. */
export async function loadExtensions(files: PgliteFileSystem): Promise<void> {
  const { hstore, vector } = await extensionPackages();
  // all bundles of the package lie in one folder
  const folder = dirname(await bundleOf(hstore));
  const names = (await readdir(folder)).filter((name) => name.endsWith(".tar.gz"));
  const bundles = [...names.map((name) => join(folder, name)), await bundleOf(vector)];
  for (const bundle of bundles) {
    for (const entry of await parseTarGzip(await readFile(bundle))) {
      const path = `${ROOT}/${entry.name}`;
      if (entry.data === undefined || entry.name.endsWith("/")) continue;
      files.mkdirTree(dirname(path));
      files.writeFile(path, entry.data);
    }
  }
}

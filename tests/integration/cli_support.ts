import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../cli/main.ts";
import { fakeHost } from "../unit/cli_host.ts";

/** What a command printed, and how it ended. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process. */
export async function matrx(
  args: readonly string[],
  how: Parameters<typeof fakeHost>[0] = {},
): Promise<Ran> {
  const host = fakeHost(how);
  const status = await main(args, host);
  return { status, out: host.printed(), err: host.told() };
}

/** A folder that one test owns. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file. */
  write(path: string, text: string): Promise<void>;
  /** Reads a file. */
  read(path: string): Promise<string>;
  /** Every file and its text. */
  all(): Promise<Readonly<Record<string, string>>>;
}

/** Makes an empty folder. */
export async function testFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), "matrx-orm-cli-"));
  return {
    path: folder,
    async write(path, text) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    async all() {
      const found: Record<string, string> = {};
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const name = path.slice(folder.length + 1);
        found[entry.isFile() ? name : `${name}/`] = entry.isFile()
          ? await readFile(path, "utf8")
          : "";
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

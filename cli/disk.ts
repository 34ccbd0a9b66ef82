/** What is on the disk, as far as the command line looks at it before it runs a command. */
export interface Disk {
  /** Whether a file or folder is there and may be seen. */
  exists(path: string): boolean;
  /** The names in a folder. */
  names(folder: string): string[];
  /** The text of a file. */
  text(path: string): string;
  /** A path with its links followed. */
  real(path: string): string;
}

function denoDisk(): Disk {
  return {
    exists(path) {
      try {
        Deno.statSync(path);
        return true;
      } catch {
        return false;
      }
    },
    names: (folder) => Array.from(Deno.readDirSync(folder), ({ name }) => name),
    text: (path) => Deno.readTextFileSync(path),
    real: (path) => Deno.realPathSync(path),
  };
}

async function nodeDisk(): Promise<Disk> {
  const { existsSync, readdirSync, readFileSync, realpathSync } = await import("node:fs");
  return {
    exists: existsSync,
    names: (folder) => readdirSync(folder),
    text: (path) => readFileSync(path, "utf8"),
    real: (path) => realpathSync(path),
  };
}

/** The disk, by the runtime's own means: on Deno `node:fs` takes longer to load than the command line. */
export const disk: Disk = "Deno" in globalThis ? denoDisk() : await nodeDisk();

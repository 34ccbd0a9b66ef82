import { compareText } from "../sources/source.ts";

/** The names that one generated file imports. */
export class Imports {
  readonly #library: string;
  readonly #isTaken: (name: string) => boolean;
  readonly #values = new Map<string, string>();
  readonly #types = new Map<string, string>();
  readonly #files = new Map<string, Map<string, "value" | "type">>();

  /** Starts a file's imports; `isTaken` knows the names that the file or its other imports use. */
  constructor(library: string, isTaken: (name: string) => boolean) {
    this.#library = library;
    this.#isTaken = isTaken;
  }

  /** Imports a value of the library and gives its local name. */
  value(name: string): string {
    return this.#local(this.#values, name);
  }

  /** Imports a type of the library and gives its local name. */
  type(name: string): string {
    return this.#local(this.#types, name);
  }

  /** Imports a name from another file of the output. */
  from(path: string, name: string, kind: "value" | "type"): string {
    let names = this.#files.get(path);
    if (names === undefined) this.#files.set(path, names = new Map());
    if (kind === "value" || !names.has(name)) names.set(name, kind);
    return name;
  }

  /** Takes back a type of the library that was asked for in vain. */
  forget(name: string): void {
    this.#types.delete(name);
  }

  /** Writes the import statements. */
  toString(): string {
    const library = [
      ...Array.from(this.#values, ([name, local]) => specifier(name, local, "value")),
      ...Array.from(this.#types, ([name, local]) => specifier(name, local, "type")),
    ];
    const lines = library.length === 0 ? [] : [
      `import { ${library.sort(bySortedName).join(", ")} } from ${JSON.stringify(this.#library)};`,
    ];
    for (const [path, names] of [...this.#files].sort(([a], [b]) => compareText(a, b))) {
      const all = Array.from(names, ([name, kind]) => specifier(name, name, kind));
      lines.push(`import { ${all.sort(bySortedName).join(", ")} } from ${JSON.stringify(path)};`);
    }
    return lines.join("\n");
  }

  #local(names: Map<string, string>, name: string): string {
    let local = names.get(name);
    if (local === undefined) {
      local = this.#isTaken(name) ? `Orm${name[0]!.toUpperCase()}${name.slice(1)}` : name;
      names.set(name, local);
    }
    return local;
  }
}

function specifier(name: string, local: string, kind: "value" | "type"): string {
  const renamed = name === local ? name : `${name} as ${local}`;
  return kind === "type" ? `type ${renamed}` : renamed;
}

const bare = (text: string) => text.replace(/^type /, "");

function bySortedName(a: string, b: string): number {
  return compareText(bare(a), bare(b));
}

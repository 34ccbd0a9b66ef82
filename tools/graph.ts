import { pathToFileURL } from "node:url";
import { ROOT } from "./project.ts";

/** One import of a module. */
export interface Edge {
  /** The importing file, by its path from the root. */
  readonly from: string;
  /** The imported file by its path, or the specifier of something else. */
  readonly to: string;
  /** `value` runs the target first, `type` is erased, `lazy` runs it later or never. */
  readonly kind: "value" | "type" | "lazy";
}

interface InfoDependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly InfoDependency[];
  }[];
}

/** The imports of files, and the modules that could not be read. */
export interface Graph {
  readonly edges: readonly Edge[];
  readonly faults: readonly string[];
}

/** Reads the imports of files and of all that they reach, with one call of `deno info`. */
export function importsOf(files: readonly string[]): Graph {
  const folder = Deno.makeTempDirSync({ prefix: "matrx-graph-" });
  const base = `${pathToFileURL(ROOT).href}/`;
  try {
    const entry = `${folder}/entry.ts`;
    Deno.writeTextFileSync(
      entry,
      files.map((file) => `import ${JSON.stringify(base + file)};\n`).join(""),
    );
    const output = new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-lock", "--no-npm", "--no-remote", entry],
      cwd: folder,
    }).outputSync();
    const decoder = new TextDecoder();
    if (!output.success) throw new Error(`deno info failed: ${decoder.decode(output.stderr)}`);
    const info = JSON.parse(decoder.decode(output.stdout)) as Info;
    const edges: Edge[] = [];
    const faults: string[] = [];
    for (const { specifier, error, dependencies = [] } of info.modules) {
      if (!specifier.startsWith(base)) continue;
      const from = decodeURI(specifier.slice(base.length));
      if (error !== undefined) faults.push(`${from}: ${error.replaceAll(base, "")}`);
      for (const dependency of dependencies) {
        const target = dependency.code?.specifier ?? dependency.type?.specifier ??
          dependency.specifier;
        edges.push({
          from,
          to: target.startsWith(base) ? decodeURI(target.slice(base.length)) : target,
          kind: dependency.isDynamic
            ? "lazy"
            : dependency.code === undefined && dependency.type !== undefined
            ? "type"
            : "value",
        });
      }
    }
    return { edges, faults };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Finds the groups of files that import each other in a circle (Tarjan's components of 2 or more). */
export function circles(edges: readonly Pick<Edge, "from" | "to">[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    next.set(from, [...next.get(from) ?? [], to]);
  }
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    open.add(node);
    for (const target of next.get(node) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.has(target)) low.set(node, Math.min(low.get(node)!, low.get(target)!));
    }
    if (low.get(node) !== order.get(node)) return;
    const group: string[] = [];
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      open.delete(member);
      group.push(member);
      if (member === node) break;
    }
    if (group.length > 1 || next.get(node)?.includes(node)) found.push(group.sort());
  };
  for (const node of next.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** Lists what roots reach over edges of some kinds, roots included. */
export function reach(
  roots: readonly string[],
  edges: readonly Edge[],
  kinds: readonly Edge["kind"][],
): Set<string> {
  const seen = new Set<string>();
  const todo = [...roots];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const edge of edges) {
      if (edge.from === file && kinds.includes(edge.kind)) todo.push(edge.to);
    }
  }
  return seen;
}

/** Which modules user code may import: files by the rights of the process, others by these rules. */
import { registerHooks } from "node:module";
import { ConfigurationError } from "../../src/errors/base.ts";

/** What a specifier that starts with a scheme stands for. */
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;

/** Schemes that need no rule: files are guarded by the right to read, built-in modules by all rights. */
const FREE = new Set(["file", "node"]);

/** The files and folders of the package beside each other. */
const ROOMS = ["src/", "generator/", "migrations/", "cli/", "mod.ts", "cli.ts", "bin.ts"];

/** The addresses that the package is known by. */
function ownAddresses(): string[] {
  const root = new URL("../../", import.meta.url).href;
  const names = ["jsr:@matrx/orm", "npm:@matrx/orm"];
  return [
    ...ROOMS.map((room) => root + room),
    ...names.flatMap((name) => [`${name}/`, `${name}@`]),
  ];
}

/**
 * Refuses imports of other packages and places by address, in modules of the user's.
 *
 * A bare name goes as the project's import map says. The rights of the process say nothing of `npm:`,
 * `data:` and `blob:`, and let some hosts pass. `hosts` are those that an option allows.
 */
export function guardImports(hosts: readonly string[]): void {
  const own = ownAddresses();
  const isOwn = (address: string): boolean => own.some((start) => address.startsWith(start));
  // what was imported by name from elsewhere imports as it likes
  const isFromElsewhere = (parent: string): boolean =>
    /^https?:/.test(parent) || parent.includes("/node_modules/");
  registerHooks({
    resolve(specifier, context, next) {
      const scheme = SCHEME.exec(specifier)?.[1]?.toLowerCase();
      const parent = context.parentURL ?? "";
      const passes = scheme === undefined || FREE.has(scheme) || scheme.length === 1 ||
        isOwn(parent) || isFromElsewhere(parent) || isOwn(specifier) ||
        isAllowed(specifier, hosts);
      if (passes) return next(specifier, context);
      throw new ConfigurationError(
        `Cannot import ${specifier.slice(0, 60)} in code of the project`,
        {
          code: "import_refused",
          hint:
            "Name the package in the imports of deno.json, or give --allow-import or --no-sandbox",
        },
      );
    },
  });
}

/** Whether an address is on a host that was allowed by an option. */
function isAllowed(specifier: string, hosts: readonly string[]): boolean {
  if (!/^https?:/i.test(specifier) || !URL.canParse(specifier)) return false;
  const { host, hostname } = new URL(specifier);
  return hosts.some((one) => one === host || one === hostname);
}

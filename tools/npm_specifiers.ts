/**
 * Lets Node and Bun run the sources: `npm:name@1.2.3` becomes `name`, as in the packed package.
 *
 * Usage: `node --import ./tools/npm_specifiers.ts ...`, `bun --preload ./tools/npm_specifiers.ts ...`
 */
import module from "node:module"; // Bun has no registerHooks to import by name

interface BunHost {
  resolveSync(specifier: string, from: string): string;
  plugin(plugin: {
    name: string;
    setup(build: {
      onResolve(
        filter: { filter: RegExp; namespace: string },
        resolve: (request: { path: string; importer: string }) => { path: string },
      ): void;
    }): void;
  }): void;
}

/** Takes the version out of `name@1.2.3/inner`. */
function withoutVersion(specifier: string): string {
  return specifier.replace(/^((?:@[^/]+\/)?[^@/]+)@[^/]+/, "$1");
}

const bun = (globalThis as { Bun?: BunHost }).Bun;
if (bun !== undefined) {
  bun.plugin({
    name: "npm specifiers",
    setup(build) {
      build.onResolve({ filter: /./, namespace: "npm" }, ({ path, importer }) => ({
        path: bun.resolveSync(withoutVersion(path), importer),
      }));
    },
  });
} else {
  module.registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith("npm:")) return next(specifier, context);
      return next(withoutVersion(specifier.slice("npm:".length)), context);
    },
  });
}

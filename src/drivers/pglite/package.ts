/**
 * The packages of the embedded database. They are loaded when a database is opened, so that a bundle of
 * a program that opens none needs neither them nor a rule about them.
 */
import { ConfigurationError } from "../../errors/base.ts";

/** The parts of `@electric-sql/pglite` that the driver uses. */
export interface PglitePackage {
  readonly PGlite: { create(options: object): Promise<unknown> };
  readonly protocol: {
    readonly serialize: {
      parse(query: { text: string }): Uint8Array;
      bind(config: { values: (string | null)[] }): Uint8Array;
      describe(message: { type: "P" }): Uint8Array;
      execute(config: object): Uint8Array;
      sync(): Uint8Array;
      query(text: string): Uint8Array;
    };
  };
}

let loaded: PglitePackage | undefined;

/** Gives the package at once where it was loaded before. */
export function pglitePackage(): PglitePackage | Promise<PglitePackage> {
  return loaded ?? load();
}

async function load(): Promise<PglitePackage> {
  try {
    const found: unknown = await import("npm:@electric-sql/pglite@0.5.14");
    // the one door to the package: its own types bring in those of Node
    return loaded = found as PglitePackage;
  } catch (cause) {
    throw cannotLoad("@electric-sql/pglite@0.5.14", cause);
  }
}

/** The extensions whose bundles tell where the others lie. */
export async function extensionPackages(): Promise<{ hstore: unknown; vector: unknown }> {
  try {
    const { hstore } = await import("npm:@electric-sql/pglite@0.5.14/contrib/hstore");
    const { vector } = await import("npm:@electric-sql/pglite-pgvector@0.0.15");
    return { hstore, vector };
  } catch (cause) {
    throw cannotLoad("@electric-sql/pglite-pgvector@0.0.15", cause);
  }
}

function cannotLoad(name: string, cause: unknown): ConfigurationError {
  return new ConfigurationError(`Cannot load the package ${name}`, {
    code: "package_missing",
    hint: `Install it in the project: npm install ${name}`,
    cause,
  });
}

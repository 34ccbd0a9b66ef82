/** Random catalogs: every kind of object that a catalog holds, with names from a small stock. */
import { type Catalog, makeCatalog } from "../../../src/catalog/catalog.ts";
import { addDefined, addForeignServers, addPrivileges } from "./defined.ts";
import { Maker, SCHEMAS } from "./maker.ts";
import { addActing, addConstraints, addIndexes } from "./parts.ts";
import type { Random } from "./random.ts";
import { addTables } from "./tables.ts";
import { addRoutines, addSequences, addTypes } from "./types.ts";
import { addViews } from "./views.ts";

/** For which server a random catalog is. */
export interface RandomOptions {
  /** The role that owns everything. */
  readonly owner: string;
  /** The server's version number. */
  readonly serverVersion: number;
  /** Whether there are objects that the catalog lists and does not describe; default false. */
  readonly unmodelled?: boolean;
}

/**
 * Makes a catalog that a server takes. Two of them share many names, so that there is much to alter and
 * to rebuild between them, and not only to make and to drop.
 */
export function randomCatalog(random: Random, options: RandomOptions): Catalog {
  const maker = new Maker(random, options.owner, options.serverVersion >= 180000);
  const schemas = ["public", SCHEMAS[0], ...maker.some([SCHEMAS[1]], 60)];
  for (const name of schemas) {
    const [owner, comment] = name === "public"
      ? ["pg_database_owner", "standard public schema"]
      : [options.owner, maker.comment()];
    maker.add({ kind: "schema", name, owner, comment, extension: null });
  }
  addExtensions(maker);
  const types = addTypes(maker);
  addSequences(maker);
  addRoutines(maker);
  addForeignServers(maker);
  const tables = addTables(maker, types);
  addConstraints(maker, tables);
  addIndexes(maker, tables);
  addActing(maker, tables);
  addViews(maker, tables);
  addDefined(maker, tables);
  addPrivileges(maker, tables);
  if (options.unmodelled === true && maker.chance(50)) {
    maker.add({ kind: "unmodelled", what: "type", name: "shop.c", ...maker.base() });
  }
  return makeCatalog(options.serverVersion, maker.objects.values());
}

function addExtensions(maker: Maker): void {
  const comment = "PL/pgSQL procedural language";
  const plpgsql = { kind: "extension", name: "plpgsql", schema: "pg_catalog" } as const;
  maker.add({ ...plpgsql, version: "1.0", comment, extension: null });
  if (!maker.chance(40)) return;
  const schema = maker.random.of(["public", SCHEMAS[0]]);
  maker.add({
    kind: "extension",
    name: "hstore",
    schema,
    version: "",
    comment: null,
    extension: null,
  });
}

import { objectFiles } from "../migrations/objects/files.ts";
import type { Catalog } from "../src/catalog/catalog.ts";
import { OBJECTS_MANIFEST_PATH } from "./manifest.ts";
import type { QualifiedName } from "./options.ts";
import { type ExistingOutput, type FilePlan, planFiles } from "./plan.ts";

/** Raised whenever the same catalog gives other files. */
const VERSION = "objects 1";

/**
 * Turns what no model says into a plan for the folder of SQL objects; writes nothing.
 *
 * `without` are relations that got no model. Files that are not the generator's stay as they are.
 *
 * @throws {ConfigurationError} the manifest in the folder is damaged
 */
export function planObjects(
  catalog: Catalog,
  without: readonly QualifiedName[],
  existing: ExistingOutput,
  force: boolean,
): FilePlan {
  const wanted = objectFiles(catalog, without)
    .map(({ path, text }) => ({ path, text, once: false }));
  return planFiles(wanted, existing, {
    format: (text) => text,
    version: VERSION,
    force,
    manifestPath: OBJECTS_MANIFEST_PATH,
    editable: true,
  });
}

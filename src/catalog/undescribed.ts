/** What a database has and the catalog does not describe, and when a run refuses to leave it out. */
import { type Catalog, objectsOf } from "./catalog.ts";
import { ConfigurationError } from "../errors/base.ts";

/** How many objects a message names. */
const MOST_NAMED = 20;

/** Lists what a catalog does not describe: `user mapping public on server far`. */
export function undescribedIn(catalog: Catalog): string[] {
  return objectsOf(catalog, "unmodelled").map(({ what, name }) => `${what} ${name}`);
}

/**
 * Refuses to go on without what cannot be described.
 *
 * @throws {ConfigurationError} there is something
 */
export function refuseUndescribed(
  found: readonly string[],
  { task, hint }: { readonly task: string; readonly hint: string },
): void {
  if (found.length === 0) return;
  const more = found.length - MOST_NAMED;
  throw new ConfigurationError(
    `Cannot ${task}: ${found.length} of its objects cannot be described: ${
      found.slice(0, MOST_NAMED).join(", ")
    }${more > 0 ? ` and ${more} more` : ""}`,
    { code: "undescribed_objects", hint, context: { objects: found.length } },
  );
}

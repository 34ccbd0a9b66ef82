import { snakeCase } from "../../src/util/casing.ts";
import { shortHash } from "./identifier.ts";

/** File names that the output uses for itself. */
const OWN: ReadonlySet<string> = new Set(["mod", "enums", "types", "managers"]);

/** Names that Windows keeps for devices, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** Longest file name without its extension. */
const LONGEST = 80;

/**
 * Names the file of a class, without extension: lower-case ASCII letters, digits and underscores.
 *
 * A name that does not come through whole ends in a hash of it.
 */
export function fileName(className: string): string {
  const snake = snakeCase(className);
  const plain = snake.replace(/[^a-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  const cut = plain.slice(0, LONGEST);
  const name = cut === snake ? cut : [cut, shortHash(className)].filter(Boolean).join("_");
  return OWN.has(name) || DEVICE.test(name) ? `${name}_table` : name;
}

/** Whether a file of a model may have a name, without extension. */
export function isFileName(name: string): boolean {
  return /^[a-z0-9_]+$/.test(name) && !OWN.has(name) && !DEVICE.test(name);
}

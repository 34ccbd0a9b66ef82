import { MigrationError } from "../../src/errors/base.ts";

/** The digits that the number of a migration has at least. */
const DIGITS = 4;

/** The longest name, its number included: the ledger and file systems take it. */
const LONGEST = 120;

const NAME = /^(\d{4,})_([A-Za-z0-9_]+)$/;

/** The parts of a migration's name. */
export interface NameParts {
  /** The whole name. */
  readonly name: string;
  /** The number at its start. */
  readonly number: number;
}

/** Reads a migration's name; undefined where it is none. */
export function readName(name: string): NameParts | undefined {
  const number = NAME.exec(name)?.[1];
  return number === undefined ? undefined : { name, number: Number(number) };
}

/** Makes a migration's name of its number and what it says. */
export function makeName(number: number, words: string): string {
  return `${String(number).padStart(DIGITS, "0")}_${words}`;
}

/**
 * Checks what a user calls a migration: it becomes a file's name, and must stay inside the folder.
 *
 * @throws {MigrationError} it holds anything but letters, digits and underscores, or is too long
 */
export function checkWords(words: string): string {
  if (/^[A-Za-z0-9_]+$/.test(words) && words.length <= LONGEST - DIGITS - 1) return words;
  const near = slug(words);
  throw new MigrationError(`Cannot name a migration ${JSON.stringify(words)}`, {
    code: "invalid_migration_name",
    hint: words.length >= LONGEST - DIGITS - 1
      ? `Use ${LONGEST - DIGITS - 1} characters at most`
      : `Use letters, digits and underscores${near === "" ? "" : `, such as ${near}`}`,
  });
}

/** Makes words for a name out of any text; empty when nothing of it can stand in one. */
export function slug(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "")
    .slice(0, 60).replace(/_+$/, "");
}

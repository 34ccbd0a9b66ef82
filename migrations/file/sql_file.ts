import { MigrationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import { normalised } from "./checksum.ts";

/** What the comments at the head of an SQL file say. */
export interface SqlHeader {
  /** The migrations that must have run; undefined when nothing is said. */
  readonly dependencies: readonly string[] | undefined;
  /** Whether the file runs in one transaction. */
  readonly transaction: boolean;
  /** The migrations that the file stands for. */
  readonly replaces: readonly string[];
}

const DIRECTIVE = /^--\s*matrx:\s*(.*)$/;
const KNOWN = ["dependencies", "no transaction", "replaces"];

/**
 * Reads the comments at the head of an SQL file: `-- matrx: dependencies 0001_a, 0002_b`,
 * `-- matrx: no transaction`, `-- matrx: replaces 0001_a`.
 *
 * @throws {MigrationError} a line says something else
 */
export function readHeader(file: string, text: string): SqlHeader {
  let dependencies: readonly string[] | undefined;
  let replaces: readonly string[] = [];
  let transaction = true;
  for (const line of normalised(text).split("\n").map((one) => one.trim())) {
    if (line !== "" && !line.startsWith("--")) break;
    const words = DIRECTIVE.exec(line)?.[1]?.trim();
    if (words === undefined) continue;
    // said to lint, of a statement or the file
    if (/^lint-ignore(?:-file)?\b/.test(words)) continue;
    const list = /^(dependencies|replaces)\b\s*(.*)$/.exec(words);
    if (words === "no transaction") transaction = false;
    else if (list?.[1] === "dependencies") dependencies = namesIn(list[2]!);
    else if (list?.[1] === "replaces") replaces = namesIn(list[2]!);
    else throw unknown(file, words);
  }
  return { dependencies, transaction, replaces };
}

/** Writes the head of an SQL file. */
export function writeHeader(header: SqlHeader): string {
  const lines = [
    ...(header.dependencies === undefined
      ? []
      : [`-- matrx: dependencies ${header.dependencies.join(", ")}`.trimEnd()]),
    ...(header.replaces.length === 0 ? [] : [`-- matrx: replaces ${header.replaces.join(", ")}`]),
    ...(header.transaction ? [] : ["-- matrx: no transaction"]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function namesIn(list: string): string[] {
  return list.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

function unknown(file: string, words: string): MigrationError {
  const guess = nearest(words.split(/\s/)[0]!, KNOWN);
  return new MigrationError(
    `Cannot read ${file}: its head says "matrx: ${words}", which means nothing`,
    {
      code: "migration_invalid",
      hint: guess === undefined ? `It may say ${KNOWN.join(", ")}` : `Did you mean ${guess}?`,
      context: { file },
    },
  );
}

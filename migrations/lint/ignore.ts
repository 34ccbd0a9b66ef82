import { nearest } from "../../src/util/nearest.ts";
import { type Found, type HazardKind, HAZARDS, isHazardKind } from "./hazard.ts";

/** A comment that accepts a hazard. */
export interface Ignore {
  /** The line that it stands on, from 1. */
  readonly line: number;
  /** What it accepts, as it is written. */
  readonly kind: string;
  /** Why; empty = it does not say. */
  readonly reason: string;
  /** Whether it holds for the whole file, and not only for the statement behind it. */
  readonly whole: boolean;
}

const DIRECTIVE = /matrx:[ \t]*lint-ignore(-file)?\b[ \t]*([^\s*]*)[ \t]*([^\n\r]*)/g;

/** Reads the comments of a text, given as their places in it; lines count from 1. */
export function ignoresIn(
  text: string,
  comments: Iterable<{ readonly start: number; readonly end: number }>,
): Ignore[] {
  const found: Ignore[] = [];
  for (const { start, end } of comments) {
    for (const match of text.slice(start, end).matchAll(DIRECTIVE)) {
      const [, file, kind = "", reason = ""] = match;
      found.push({
        line: text.slice(0, start + match.index).split("\n").length,
        kind,
        reason: reason.replace(/\*\/\s*$/, "").trim(),
        whole: file !== undefined,
      });
    }
  }
  return found;
}

/** Reads the comment lines of a module that stand right above one of its lines, from 1. */
export function ignoresAbove(lines: readonly string[], line: number): Ignore[] {
  const found: Ignore[] = [];
  for (let at = line - 1; at > 0 && /^\s*\/\//.test(lines[at - 1]!); at--) {
    const text = lines[at - 1]!;
    found.push(
      ...ignoresIn(text, [{ start: 0, end: text.length }]).map((one) => ({ ...one, line: at })),
    );
  }
  return found;
}

/** Reads the comments of a module that hold for all of it. */
export function ignoresOfFile(lines: readonly string[]): Ignore[] {
  return lines.flatMap((text, at) =>
    /^\s*(?:\/\/|\/?\*|--)/.test(text)
      ? ignoresIn(text, [{ start: 0, end: text.length }])
        .filter(({ whole }) => whole).map((one) => ({ ...one, line: at + 1 }))
      : []
  );
}

/** What is wrong with a comment that is to accept a hazard; null = nothing. */
export function faultOf({ kind, reason }: Ignore): Found | null {
  const fault = (what: string): Found => ({ kind: "lint-ignore", what });
  if (kind === "") return fault("A comment accepts a hazard and does not say which");
  if (!isHazardKind(kind)) {
    const guess = nearest(kind, Object.keys(HAZARDS));
    return fault(
      `There is no hazard ${kind}${guess === undefined ? "" : `; ${guess} is meant, perhaps`}`,
    );
  }
  return reason === "" ? fault(`${kind} is accepted without a reason`) : null;
}

/** The reason for which comments accept a hazard; null = none does. */
export function reasonFor(kind: HazardKind, ignores: Iterable<Ignore>): string | null {
  for (const one of ignores) if (one.kind === kind && one.reason !== "") return one.reason;
  return null;
}

/** What a project wants of lint beside what is wrong with its migrations. */
import { ValidationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import {
  HAZARD_LEVELS,
  type HazardKind,
  type HazardLevel,
  HAZARDS,
  isHazardKind,
} from "./hazard.ts";
import type { Hazard } from "./script.ts";

/** The level of a kind of hazard in a project; `off` = it is none there. */
export type HazardSetting = HazardLevel | "off";

/** How grave kinds of hazards are in a project, and what is not judged. */
export interface LintSettings {
  /** The levels of kinds that are not to have their own: `{ "varchar-limit": "off" }`. */
  readonly levels?: Readonly<Partial<Record<HazardKind, HazardSetting>>> | undefined;
  /**
   * Migrations that are not judged unless they are named, by their names; `*` for any characters. What
   * they make is known to the later ones.
   */
  readonly ignore?: readonly string[] | undefined;
}

const SETTINGS: readonly string[] = [...HAZARD_LEVELS, "off"];

/** What is wrong with the levels of kinds; undefined = nothing. */
export function levelFault(
  levels: Readonly<Record<string, unknown>>,
): { readonly what: string; readonly hint: string } | undefined {
  for (const [kind, level] of Object.entries(levels)) {
    if (!isHazardKind(kind)) {
      const guess = nearest(kind, Object.keys(HAZARDS));
      return {
        what: `there is no hazard ${kind}`,
        hint: guess === undefined
          ? "matrx lint prints the kind of each hazard"
          : `Did you mean ${guess}?`,
      };
    }
    if (level !== undefined && !(SETTINGS as readonly unknown[]).includes(level)) {
      return { what: `the level of ${kind} is none`, hint: `Levels: ${SETTINGS.join(", ")}` };
    }
  }
  return undefined;
}

/**
 * Refuses levels of kinds that there are not.
 *
 * @throws {ValidationError} a kind or a level is unknown
 */
export function checkLevels(levels: LintSettings["levels"]): void {
  const fault = levels === undefined ? undefined : levelFault(levels);
  if (fault === undefined) return;
  throw new ValidationError(`Cannot lint: ${fault.what}`, {
    code: "invalid_option",
    hint: fault.hint,
  });
}

/** Gives hazards the levels of the project, without those that are off. */
export function graded(hazards: readonly Hazard[], levels: LintSettings["levels"]): Hazard[] {
  return hazards.flatMap((one) => {
    const level = levels?.[one.kind] ?? one.level;
    return level === "off" ? [] : [{ ...one, level }];
  });
}

/** Whether a name is one of those that are left out. */
export function isIgnored(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const literal = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
    return new RegExp(`^${literal.join(".*")}$`, "su").test(name);
  });
}

import type { LockSpec } from "../ast/nodes.ts";
import { ValidationError } from "../errors/base.ts";
import type { LockOptions } from "./types.ts";

/** Reads the options of a row lock; the plan says which table it is for. */
export function lockSpec(strength: LockSpec["strength"], options: LockOptions): LockSpec {
  if (options.nowait && options.skipLocked) {
    throw new ValidationError("A lock cannot both fail at once and skip locked rows", {
      code: "invalid_lock",
      hint: "Choose one of nowait and skipLocked",
    });
  }
  const wait = options.nowait ? "nowait" : options.skipLocked ? "skip locked" : "wait";
  return { strength, of: [], wait };
}

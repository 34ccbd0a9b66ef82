import type { RoutineObject } from "../../src/catalog/types.ts";
import type { DdlOf } from "./ddl_kind.ts";
import { statement } from "./make.ts";
import { targetText } from "./target.ts";

/** How functions and procedures are written: the server prints the whole statement. */
export const routines: DdlOf<RoutineObject> = {
  create: (one) => [statement(one.definition.trimEnd())],
  drop: (one) => [statement(`DROP ${targetText(one)}`)],
  alter: (before, after) =>
    before.definition === after.definition ? [] : [statement(after.definition.trimEnd())],
  rename: null,
};

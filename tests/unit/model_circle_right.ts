import { foreignKey, integer, inverseForeignKey, model } from "../../mod.ts";
import { Left } from "./model_circle_left.ts";

/** References a class of a module that imports this one. */
export class Right extends model("rights", {
  id: integer().primaryKey(),
  leftId: foreignKey<Left>(() => Left).nullable(),
  lefts: inverseForeignKey<Left>(() => Left, { fromField: "rightId" }),
}) {}

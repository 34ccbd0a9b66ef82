import { foreignKey, integer, model, text } from "../../mod.ts";
import { Right } from "./model_circle_right.ts";

/** References a class of a module that imports this one. */
export class Left extends model("lefts", {
  id: integer().primaryKey(),
  name: text(),
  rightId: foreignKey<Right>(() => Right),
}) {}

import assert from "node:assert/strict";
import { foreignKey, integer, model } from "../../mod.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { diff } from "../../migrations/mod.ts";
import { testDeclared } from "./declared.ts";

class Alpha extends model("alphas", {
  id: integer().primaryKey(),
  omegaId: foreignKey<Omega>(() => Omega, { onDelete: "set null" }).nullable(),
}) {}
class Omega extends model("omegas", {
  id: integer().primaryKey(),
  alphaId: foreignKey<Alpha>(() => Alpha).nullable(),
}) {}

testDeclared(
  "foreign keys name tables, come after them in any order, and are made once",
  [Alpha, Omega],
  ({ live, wanted }) => {
    const keys = objectsOf(live, "constraint").filter(({ type }) => type === "foreign");
    assert.deepEqual(keys.map(({ definition }) => definition).sort(), [
      "FOREIGN KEY (alpha_id) REFERENCES public.alphas(id)",
      "FOREIGN KEY (omega_id) REFERENCES public.omegas(id) ON DELETE SET NULL",
    ]);
    const again = JSON.stringify(diff(live, wanted));
    assert.ok(!again.includes("_id_fkey"), again);
  },
);

/** What making migrations is typed as. */
import { test } from "node:test";
import {
  makemigrations,
  type MakeMigrationsResult,
  type RenameHint,
  sqlObject,
} from "../../migrations/mod.ts";
import { Item, Order } from "./models.ts";

async function making(): Promise<void> {
  const made: MakeMigrationsResult = await makemigrations({
    models: [Order, Item, "models/mod.ts"],
    objects: [sqlObject("v", "create view v as select 1 as n")],
    renames: ["orders:purchases", { kind: "schema", from: "a", to: "b" } satisfies RenameHint],
    allowLoss: ["public.orders.note"],
    dropUnmanaged: true,
    strict: true,
    format: "sql",
    onRename: ({ hint, from, to }) => hint.kind === "table" && from.length > to.length,
    onLoss: async ({ rows }) => await Promise.resolve(rows === 0),
  });
  const name: string | null = made.name;
  const rows: number | null | undefined = made.losses[0]?.rows;
  const locks: string | undefined = made.up[0]?.lock?.mode;
  // @ts-expect-error true or false
  await makemigrations({ strict: "yes" });
  // @ts-expect-error no such format
  await makemigrations({ format: "json" });
  // @ts-expect-error a list of names, or all
  await makemigrations({ allowLoss: "orders" });
  // @ts-expect-error a column's rename names its table
  await makemigrations({ renames: [{ kind: "column", schema: "public", from: "a", to: "b" }] });
  // @ts-expect-error the result is read
  made.name = "other";
  void [name, rows, locks];
}

test("making migrations is typed", () => {
  void making;
});

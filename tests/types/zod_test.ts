/** What schemas and JSON columns with a schema are typed as. */
import { test } from "node:test";
import { z } from "npm:zod@4.6.7";
import {
  array,
  type InsertOf,
  integer,
  jsonb,
  model,
  type RowOf,
  type StandardSchema,
  type UpdateOf,
  uuid,
  viewModel,
} from "../../mod.ts";
import { insertSchema, jsonSchema, rowSchema, updateSchema } from "../../src/zod/schemas.ts";
import { Item, Order } from "./models.ts";

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends (<T>() => T extends Other ? 1 : 2)
  ? true
  : false;

function same<One, Other>(_: Same<One, Other>): void {}

/** The same members as one object type, whatever it was put together of. */
type Flat<Value> = { [Name in keyof Value]: Value[Name] };

function schemas(): void {
  const insert = insertSchema(Order);
  const update = updateSchema(Order);
  const row = rowSchema(Order);
  same<Flat<z.infer<typeof insert>>, Flat<InsertOf<Order>>>(true);
  same<Flat<z.infer<typeof update>>, Flat<UpdateOf<Order>>>(true);
  same<Flat<z.infer<typeof row>>, { -readonly [Name in keyof RowOf<Order>]: RowOf<Order>[Name] }>(
    true,
  );
  same<Flat<z.input<typeof insert>>, Flat<InsertOf<Order>>>(true);
  const item = insertSchema(Item).parse({});
  void Item.create(item);
  void Order.create(insert.parse({}));
  void Order.updateWhere({}, update.parse({}));
  const picked = insert.pick({ total: true }).parse({});
  same<Flat<typeof picked>, { total: string | number | bigint }>(true);
  // @ts-expect-error a generated column is not in it
  insert.shape.doubled;
  // @ts-expect-error the server numbers the rows
  item.id;
  // @ts-expect-error no model
  insertSchema(Date);
  // @ts-expect-error a view is not written
  insertSchema(Seen);
  // @ts-expect-error no such kind
  jsonSchema(Order, "delete");
}

const Meta = z.object({ source: z.string(), qty: z.number().default(1) });

class Note extends model("notes", {
  id: integer().primaryKey(),
  meta: jsonb(Meta),
  list: array(jsonb(Meta)).nullable(),
}) {}

class Seen extends viewModel("seen", { id: uuid(), meta: jsonb(Meta) }) {}

function documents(note: Note, schema: StandardSchema<string, number>): void {
  same<RowOf<Note>["meta"], { source: string; qty: number }>(true);
  same<InsertOf<Note>["meta"], { source: string; qty?: number | undefined }>(true);
  const qty: number = note.meta.qty + (note.list?.[0]?.qty ?? 0);
  void Note.create({ id: qty, meta: { source: "x" } });
  const field = jsonb(schema);
  same<typeof field.$read, number>(true);
  same<typeof field.$write, string>(true);
  const row = rowSchema(Seen).parse({});
  same<typeof row.meta, { source: string; qty: number }>(true);
  // @ts-expect-error the schema wants a string
  void Note.create({ id: 1, meta: { source: 5 } });
  // @ts-expect-error no schema
  jsonb({ validate: () => true });
}

test("schemas and JSON columns are typed by the model and its schemas", () => {
  void [schemas, documents];
});

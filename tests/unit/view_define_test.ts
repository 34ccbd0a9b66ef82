import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignKey, integer, inverseForeignKey, model, text, view } from "../../mod.ts";

class Order extends model("orders", {
  id: integer().primaryKey(),
  status: text(),
  parentId: foreignKey<Order>(() => Order).nullable(),
  children: inverseForeignKey<Order>(() => Order, { fromField: "parentId" }),
}) {
  get isPaid(): boolean {
    return this.status === "paid";
  }
}

class Other extends model("others", { id: integer().primaryKey() }) {}

test("view() refuses what the model has not, with the nearest name", () => {
  const cases: [object, string, RegExp][] = [
    [{ prefetch: ["childs"] }, "invalid_view", /no relation "childs"/],
    [{ prefetch: { childen: true } }, "invalid_view", /no relation "childen"/],
    [{ prefetch: 5 }, "invalid_view", /prefetch is no object/],
    [{ exclude: ["statu"] }, "unknown_field", /no field "statu"/],
    [{ exclude: "status" }, "invalid_view", /exclude is no list/],
    [{ inlineFk: { children: "kids" } }, "invalid_view", /"children" is no foreign key/],
    [{ inlineFk: { parentId: 5 } }, "invalid_view", /gives "parentId" no name/],
    [{ inlineFk: { parentId: "status" } }, "view_name_taken", /"status".*a column/],
    [{ inlineFk: { parentId: "save" } }, "view_name_taken", /"save".*a reserved name/],
    [{ prefech: [] }, "unknown_option", /"prefech"/],
  ];
  for (const [options, code, message] of cases) {
    assert.throws(() => view(Order, options as never), { code, message }, JSON.stringify(options));
  }
  assert.throws(() => view({} as never), { code: "invalid_relation_target" });
});

test("view() refuses computed names that are taken at the first use", async () => {
  const row = new Order({ id: 1 });
  class Column extends view(Order) {
    async status(): Promise<number> {
      return await Promise.resolve(1);
    }
  }
  class Reserved extends view(Order) {
    async update(): Promise<number> {
      return await Promise.resolve(1);
    }
  }
  class Member extends view(Order) {
    async isPaid(): Promise<number> {
      return await Promise.resolve(1);
    }
  }
  class Inlined extends view(Order, { inlineFk: { parentId: "parent" } }) {
    async parent(): Promise<number> {
      return await Promise.resolve(1);
    }
  }
  class Wide extends view(Order) {
    async both(_one: unknown, _other: unknown): Promise<number> {
      return await Promise.resolve(1);
    }
  }
  const taken = { code: "view_name_taken" };
  await assert.rejects(Column.apply(row), taken);
  await assert.rejects(Column.apply(null), taken);
  await assert.rejects(Reserved.apply(row), taken);
  await assert.rejects(Member.apply(row), taken);
  await assert.rejects(Inlined.applyAll([]), taken);
  await assert.rejects(Wide.apply(row), { code: "invalid_view", message: /takes 2 arguments/ });
});

test("apply() refuses what is no row of the view's model", async () => {
  class Plain extends view(Order) {}
  await assert.rejects(Plain.apply(new Other({ id: 1 }) as never), { code: "wrong_view_row" });
  await assert.rejects(Plain.apply({ id: 1 } as never), { code: "not_a_row" });
  const row = new Order({ id: 1 });
  assert.equal(await Plain.apply(row), row as unknown);
  assert.deepEqual(Object.keys(await Plain.apply(row)), ["id"]);
});

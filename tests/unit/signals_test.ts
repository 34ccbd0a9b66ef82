import assert from "node:assert/strict";
import { test } from "node:test";
import { integer, model, signals, viewModel } from "../../mod.ts";

class Page extends model("pages", { id: integer().primaryKey() }) {}
class Totals extends viewModel("totals", { id: integer() }) {}

const on = signals.postSave.on as (...given: readonly unknown[]) => () => void;
const before = signals.preSave.on as (...given: readonly unknown[]) => () => void;
const handler = (): void => {};

test("on() does refuse what is no listener", () => {
  const listener = { code: "invalid_listener" };
  assert.throws(() => on(Page), listener);
  assert.throws(() => on(Page, { afterCommit: true }), listener);
  assert.throws(() => on(undefined), listener);
  assert.throws(() => on(Totals, handler), listener);
  assert.throws(() => on({}, handler), listener);
  assert.throws(() => on(null, handler), listener);
  assert.throws(() => on(Page, handler, { afterCommit: 1 }), listener);
  assert.throws(() => on(Page, handler, { signal: {} }), listener);
  assert.throws(() => on(Page, handler, { aftercommit: true }), { code: "unknown_option" });
  assert.throws(() => before(Page, handler, { afterCommit: true }), { code: "unknown_option" });
});

test("on() does give a function that ends the listener once", () => {
  const off = on(Page, handler);
  off();
  off();
  const controller = new AbortController();
  on(handler, { signal: controller.signal });
  controller.abort();
});

/** Signals: what a program wants to be told of before and after the models write. */
import { ValidationError } from "../errors/base.ts";
import { checkOptions } from "../schema/known_options.ts";
import { ModelMeta, type ModelRef } from "../schema/meta.ts";
import { unbound } from "./bound.ts";
import { heardWrites } from "./heard_writes.ts";
import { type Listener, type Listening, listeningOf } from "./listeners.ts";
import type { Signal, SignalName } from "./signal_types.ts";
import { standIn } from "./writes.ts";

/** Every signal by its name. */
export type Signals = { readonly [Name in SignalName]: Signal<Name> };

// one for the module, made when somebody first listens
let present: Listening | null = null;

function listening(): Listening {
  if (present !== null) return present;
  const made = listeningOf();
  const told = heardWrites(made);
  present = made;
  standIn((model) => made.hears(model) ? told : null);
  return made;
}

type Given = readonly unknown[];

/** Reads the arguments of `on()`: a model or none, a handler, options. */
function listen(name: SignalName, given: Given): () => void {
  const all = typeof given[1] !== "function";
  const [handler, options = {}] = all ? given : given.slice(1);
  const call = `signals.${name}.on()`;
  if (typeof handler !== "function" || (all && "meta" in handler)) {
    throw refused(`${call} is given no function to call`, "Say on(Model, handler) or on(handler)");
  }
  const isAfter = name.startsWith("post");
  checkOptions(call, options as object, isAfter ? ["signal", "afterCommit"] : ["signal"]);
  const { signal, afterCommit = false } = options as {
    readonly signal?: AbortSignal;
    readonly afterCommit?: boolean;
  };
  if (typeof afterCommit !== "boolean") {
    throw refused(`"afterCommit" of ${call} is neither true nor false`, "Leave it out or say true");
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw refused(`"signal" of ${call} is no AbortSignal`, "Give that of an AbortController");
  }
  const model = all ? null : written(call, given[0]);
  const listener: Listener = { model, handler: handler as Listener["handler"], afterCommit };
  if (signal?.aborted) return () => {};
  const end = listening().add(name, listener);
  if (signal === undefined) return end;
  signal.addEventListener("abort", end, { once: true });
  return () => {
    signal.removeEventListener("abort", end);
    end();
  };
}

/** The model of a listener, as it was declared. */
function written(call: string, model: unknown): ModelRef {
  const meta = (model as Partial<ModelRef> | null)?.meta;
  if (!(meta instanceof ModelMeta)) {
    throw refused(`${call} is given no model`, "Say on(Model, handler) or on(handler)");
  }
  const { kind, label } = meta;
  if (kind === "table") return unbound(model as ModelRef);
  throw refused(
    `${call} cannot listen to ${label}: it is a ${kind}, which is never written`,
    "Listen to the models of the tables behind it",
  );
}

function refused(message: string, hint: string): ValidationError {
  return new ValidationError(message, { code: "invalid_listener", hint });
}

/**
 * The signals of every write of models and rows.
 *
 * Handlers are called one after another in the order of their registration, and each is waited for. What
 * a handler throws, the caller of the write gets. Before a write that stops it: nothing is sent. A write
 * in a transaction has its handlers in it. Statements by `sql` tell nobody.
 *
 * @example
 * ```ts
 * import { integer, model, signals, text } from "@matrx/orm";
 *
 * class Page extends model("pages", { id: integer().primaryKey(), title: text(), slug: text() }) {}
 *
 * const off = signals.preSave.on(Page, ({ values }) => {
 *   if (typeof values.title === "string") values.slug = values.title.toLowerCase();
 * });
 * off(); // listens no more
 * ```
 */
export const signals: Signals = {
  preCreate: { on: (...given: Given) => listen("preCreate", given) },
  postCreate: { on: (...given: Given) => listen("postCreate", given) },
  preUpdate: { on: (...given: Given) => listen("preUpdate", given) },
  postUpdate: { on: (...given: Given) => listen("postUpdate", given) },
  preSave: { on: (...given: Given) => listen("preSave", given) },
  postSave: { on: (...given: Given) => listen("postSave", given) },
  preDelete: { on: (...given: Given) => listen("preDelete", given) },
  postDelete: { on: (...given: Given) => listen("postDelete", given) },
  preBulkCreate: { on: (...given: Given) => listen("preBulkCreate", given) },
  postBulkCreate: { on: (...given: Given) => listen("postBulkCreate", given) },
  preUpsert: { on: (...given: Given) => listen("preUpsert", given) },
  postUpsert: { on: (...given: Given) => listen("postUpsert", given) },
  preBulkUpdate: { on: (...given: Given) => listen("preBulkUpdate", given) },
  postBulkUpdate: { on: (...given: Given) => listen("postBulkUpdate", given) },
  preBulkDelete: { on: (...given: Given) => listen("preBulkDelete", given) },
  postBulkDelete: { on: (...given: Given) => listen("postBulkDelete", given) },
  preUpdateWhere: { on: (...given: Given) => listen("preUpdateWhere", given) },
  postUpdateWhere: { on: (...given: Given) => listen("postUpdateWhere", given) },
  preDeleteWhere: { on: (...given: Given) => listen("preDeleteWhere", given) },
  postDeleteWhere: { on: (...given: Given) => listen("postDeleteWhere", given) },
  preM2mChange: { on: (...given: Given) => listen("preM2mChange", given) },
  postM2mChange: { on: (...given: Given) => listen("postM2mChange", given) },
};

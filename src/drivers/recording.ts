/**
 * A driver that writes down every statement: around another driver, or without any database.
 *
 * For tests that show a call, its SQL and its rows, and for a look at the SQL of a write.
 *
 * @module
 */
import type { RecordingOptions } from "./recording/answers.ts";
import { type Recording, RecordingDriver } from "./recording/driver.ts";

export type { Answer, Answers, RecordingOptions } from "./recording/answers.ts";
export type { RecordedParams } from "./recording/params.ts";
export type { RecordedStatement, Recording } from "./recording/driver.ts";

/**
 * Makes a driver that writes down every statement.
 *
 * @example
 * ```ts
 * import { model, registerDatabase, text, uuid } from "@matrx/orm";
 * import { recording } from "@matrx/orm/drivers/recording";
 *
 * class Customer extends model("customers", { id: uuid().primaryKey(), name: text() }) {}
 * const id = crypto.randomUUID();
 * const recorder = recording();
 * registerDatabase({ name: "main", driver: recorder });
 * const [insert] = await recorder.capture(() => Customer.create({ id, name: "Ann" }));
 * console.log(insert?.text); // insert into "public"."customers" ...
 * ```
 */
export function recording(options: RecordingOptions = {}): Recording {
  return new RecordingDriver(options);
}

/** The field factories: one function per PostgreSQL type. */
import { bytea as byteaCodec } from "../codec/bytes.ts";
import { point as pointCodec } from "../codec/geometry.ts";
import { float4, float8, int2, int4, int8 } from "../codec/number.ts";
import { numeric } from "../codec/numeric.ts";
import { bool, uuid as uuidCodec } from "../codec/simple.ts";
import { textCodec } from "../codec/text.ts";
import { Field, fieldSpec } from "./field.ts";
import { baseLookups } from "./lookups/base.ts";
import { networkLookups } from "./lookups/network.ts";
import { textLookups } from "./lookups/text.ts";
import { builtin, given, make } from "./make_field.ts";

/**
 * `text`: a string of any length.
 *
 * @example
 * ```ts
 * import { model, text } from "@matrx/orm";
 *
 * class Note extends model("notes", { body: text() }) {}
 * ```
 */
export function text(): Field<"text", string, string> {
  return make("text", textCodec("text"), [], textLookups);
}

/**
 * `varchar(length)`: a string of at most `length` characters; longer ones are refused by the
 * server, never cut.
 *
 * @example
 * ```ts
 * import { varchar } from "@matrx/orm";
 *
 * const country = varchar(2).default("SE");
 * ```
 */
export function varchar(length?: number): Field<"text", string, string> {
  return make("text", textCodec("varchar"), given(length), textLookups);
}

/**
 * `character(length)`: a string padded with blanks to `length`, 1 by default; `null` is `bpchar`
 * without a limit.
 *
 * @example
 * ```ts
 * import { char } from "@matrx/orm";
 *
 * const currency = char(3);
 * ```
 */
export function char(length: number | null = 1): Field<"text", string, string> {
  return make("text", textCodec("bpchar"), length === null ? [] : [length], textLookups);
}

/**
 * `uuid`: a string in the usual form.
 *
 * @example
 * ```ts
 * import { sql, uuid } from "@matrx/orm";
 *
 * const id = uuid().primaryKey().default(sql`gen_random_uuid()`);
 * ```
 */
export function uuid(): Field<"uuid", string, string> {
  return make("uuid", uuidCodec);
}

/**
 * `smallint`: a whole number of 16 bits.
 *
 * @example
 * ```ts
 * import { smallint } from "@matrx/orm";
 *
 * const stars = smallint().nullable();
 * ```
 */
export function smallint(): Field<"number", number, number> {
  return make("number", int2);
}

/**
 * `integer`: a whole number of 32 bits.
 *
 * @example
 * ```ts
 * import { integer } from "@matrx/orm";
 *
 * const id = integer().primaryKey().identity();
 * ```
 */
export function integer(): Field<"number", number, number> {
  return make("number", int4);
}

/**
 * `bigint`: a whole number of 64 bits, read as a `bigint`.
 *
 * @example
 * ```ts
 * import { bigint, model, text } from "@matrx/orm";
 *
 * class Visit extends model("visits", { id: bigint().primaryKey(), page: text() }) {}
 * const query = Visit.filter({ id: { gt: 10n } });
 * console.log(query.toSql().params);
 * ```
 */
export function bigint(): Field<"number", bigint, bigint | number> {
  return make("number", int8);
}

/**
 * `real`: a floating-point number of 32 bits.
 *
 * @example
 * ```ts
 * import { real } from "@matrx/orm";
 *
 * const share = real().default(0.5);
 * ```
 */
export function real(): Field<"number", number, number> {
  return make("number", float4);
}

/**
 * `double precision`: a floating-point number of 64 bits.
 *
 * @example
 * ```ts
 * import { doublePrecision } from "@matrx/orm";
 *
 * const latitude = doublePrecision();
 * ```
 */
export function doublePrecision(): Field<"number", number, number> {
  return make("number", float8);
}

/**
 * `numeric(precision, scale)`: an exact decimal, read as a string so that no digit is lost.
 *
 * @example
 * ```ts
 * import { decimal, model } from "@matrx/orm";
 *
 * class Order extends model("orders", { total: decimal(12, 2) }) {}
 * const query = Order.filter({ total: { gte: "99.90" } });
 * console.log(query.toSql().params);
 * ```
 */
export function decimal(
  precision?: number,
  scale?: number,
): Field<"number", string, string | number | bigint> {
  return make("number", numeric, given(precision, scale));
}

/**
 * `money`: an amount as the server formats it.
 *
 * @example
 * ```ts
 * import { money } from "@matrx/orm";
 *
 * const price = money(); // "$1,234.50"
 * ```
 */
export function money(): Field<"number", string, string> {
  return make("number", textCodec("money"));
}

/**
 * `boolean`.
 *
 * @example
 * ```ts
 * import { boolean } from "@matrx/orm";
 *
 * const isOpen = boolean().default(false);
 * ```
 */
export function boolean(): Field<"boolean", boolean, boolean> {
  return make("boolean", bool, [], baseLookups);
}

/**
 * `bytea`: bytes.
 *
 * @example
 * ```ts
 * import { bytea } from "@matrx/orm";
 *
 * const thumbnail = bytea().nullable();
 * ```
 */
export function bytea(): Field<"bytes", Uint8Array, Uint8Array> {
  return make("bytes", byteaCodec);
}

/**
 * `inet`: a host address with an optional netmask.
 *
 * @example
 * ```ts
 * import { inet, model } from "@matrx/orm";
 *
 * class Login extends model("logins", { address: inet() }) {}
 * const query = Login.filter({ address: { containedBy: "10.0.0.0/8" } });
 * console.log(query.toSql().text);
 * ```
 */
export function inet(): Field<"network", string, string> {
  return make("network", textCodec("inet"), [], networkLookups);
}

/**
 * `cidr`: a network address.
 *
 * @example
 * ```ts
 * import { cidr } from "@matrx/orm";
 *
 * const network = cidr(); // "10.1.0.0/16"
 * ```
 */
export function cidr(): Field<"network", string, string> {
  return make("network", textCodec("cidr"), [], networkLookups);
}

/**
 * `macaddr`: a MAC address of 6 bytes.
 *
 * @example
 * ```ts
 * import { macaddr } from "@matrx/orm";
 *
 * const device = macaddr().unique(); // "08:00:2b:01:02:03"
 * ```
 */
export function macaddr(): Field<"other", string, string> {
  return make("other", textCodec("macaddr"));
}

/**
 * `macaddr8`: a MAC address of 8 bytes.
 *
 * @example
 * ```ts
 * import { macaddr8 } from "@matrx/orm";
 *
 * const device = macaddr8(); // "08:00:2b:01:02:03:04:05"
 * ```
 */
export function macaddr8(): Field<"other", string, string> {
  return make("other", textCodec("macaddr8"));
}

/**
 * `bit(length)`: a string of exactly `length` bits, 1 by default.
 *
 * @example
 * ```ts
 * import { bit } from "@matrx/orm";
 *
 * const weekdays = bit(7).default("1111100");
 * ```
 */
export function bit(length: number = 1): Field<"other", string, string> {
  return make("other", textCodec("bit"), [length]);
}

/**
 * `bit varying(length)`: a string of at most `length` bits.
 *
 * @example
 * ```ts
 * import { varbit } from "@matrx/orm";
 *
 * const flags = varbit(64);
 * ```
 */
export function varbit(length?: number): Field<"other", string, string> {
  return make("other", textCodec("varbit"), given(length));
}

/**
 * `point`.
 *
 * @example
 * ```ts
 * import { model, point } from "@matrx/orm";
 *
 * class Shop extends model("shops", { place: point() }) {}
 * const shop = new Shop({ place: { x: 18.07, y: 59.33 } });
 * console.log(shop.place.x);
 * ```
 */
export function point(): Field<
  "other",
  { readonly x: number; readonly y: number },
  { readonly x: number; readonly y: number }
> {
  return make("other", pointCodec);
}

/**
 * The version counter of the optimistic lock: an integer that starts at 1 and grows with each
 * update.
 *
 * @example
 * ```ts
 * import { integer, model, text, version } from "@matrx/orm";
 *
 * class Coupon extends model("coupons", {
 *   id: integer().primaryKey(),
 *   code: text(),
 *   revision: version(),
 * }) {}
 * ```
 */
export function version(): Field<"number", number, number, "optional"> {
  return new Field({
    ...fieldSpec("number", builtin("int4"), int4),
    version: true,
    default: { kind: "value", value: 1 },
  });
}

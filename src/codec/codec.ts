/**
 * Converts between one PostgreSQL type's text format and a JavaScript value, without loss.
 *
 * SQL NULL never reaches a codec.
 */
export interface Codec<Value = unknown, Input = Value> {
  /** The name of the PostgreSQL type, for messages. */
  readonly name: string;
  /**
   * The built-in types that it reads without loss, by their names in `pg_type`; `[]` first = any array.
   * Absent = any type, as text does.
   */
  readonly reads?: readonly string[];
  /** Reads the server's text. Pure; called once per value. */
  decode(text: string): Value;
  /**
   * Writes text that the server reads as this type.
   *
   * @throws {ValidationError} the value cannot be of this type; the message never shows the value
   */
  encode(value: Input): string;
}

/** The types of strings, which codecs of strings in a certain form read too. */
export const TEXTS: readonly string[] = ["text", "varchar", "bpchar", "name"];

/** A codec whose value types are not known here. */
// deno-lint-ignore no-explicit-any -- the one door through which codecs of all types share a table
export type AnyCodec = Codec<any, any>;

/** The codec of values whose type the server alone knows: it is told the type's OID with the rows. */
export interface ServerTyped extends AnyCodec {
  /** Gives the codec that reads values of a type. */
  byOid(oid: number): AnyCodec;
}

/** Gives the codec that reads a column of a result, of which the server says the type. */
export function readerOf(codec: AnyCodec, oid: number): AnyCodec {
  return "byOid" in codec ? (codec as ServerTyped).byOid(oid) : codec;
}

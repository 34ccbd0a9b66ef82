/**
 * Converts between one PostgreSQL type's text format and a JavaScript value, without loss.
 *
 * SQL NULL never reaches a codec.
 */
export interface Codec<Value = unknown, Input = Value> {
  /** The name of the PostgreSQL type, for messages. */
  readonly name: string;
  /** Reads the server's text. Pure; called once per value. */
  decode(text: string): Value;
  /**
   * Writes text that the server reads as this type.
   *
   * @throws {ValidationError} the value cannot be of this type; the message never shows the value
   */
  encode(value: Input): string;
}

/** A codec whose value types are not known here. */
// deno-lint-ignore no-explicit-any -- the one door through which codecs of all types share a table
export type AnyCodec = Codec<any, any>;

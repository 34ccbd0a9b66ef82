/**
 * Settings that the codecs rely on.
 *
 * In session mode they travel with the startup packet, which beats what the server, the database and the
 * role have set, and costs no round trip. A pooler in transaction mode refuses most startup parameters and
 * hands each transaction to another server connection, so there they are only checked (see session.ts).
 */
export const sessionSettings: readonly (readonly [string, string])[] = [
  ["datestyle", "ISO"],
  ["intervalstyle", "postgres"],
  ["bytea_output", "hex"],
  ["extra_float_digits", "1"],
  ["standard_conforming_strings", "on"],
];

/** Which of the server's types a codec reads without loss. */
import type { AnyCodec } from "./codec.ts";

/** The first OID that the types of extensions and users can have: those below are the server's own. */
const OF_USERS = 10_000;

/** The usual built-in types: name, OID, OID of the array. All of them are in `oids.ts`, which is larger. */
const USUAL = "bool 16 1000 bytea 17 1001 name 19 1003 int8 20 1016 int2 21 1005 int4 23 1007 " +
  "text 25 1009 oid 26 1028 json 114 199 point 600 1017 float4 700 1021 float8 701 1022 " +
  "money 790 791 bpchar 1042 1014 varchar 1043 1015 date 1082 1182 time 1083 1183 " +
  "timestamp 1114 1115 timestamptz 1184 1185 interval 1186 1187 numeric 1700 1231 " +
  "uuid 2950 2951 jsonb 3802 3807 int4range 3904 3905 numrange 3906 3907 tsrange 3908 3909 " +
  "tstzrange 3910 3911 daterange 3912 3913 int8range 3926 3927 int4multirange 4451 6150 " +
  "nummultirange 4532 6151 tsmultirange 4533 6152 tstzmultirange 4534 6153 " +
  "datemultirange 4535 6155 int8multirange 4536 6157";

let names: Map<number, string> | undefined;

/** Gives the name of a built-in type, arrays as `int4[]`; its OID where it is none of the usual ones. */
export function typeName(oid: number): string {
  if (names === undefined) {
    names = new Map();
    for (const [, name, own, array] of USUAL.matchAll(/(\w+) (\d+) (\d+)/g)) {
      names.set(Number(own), name!).set(Number(array), `${name}[]`);
    }
  }
  return names.get(oid) ?? `OID ${oid}`;
}

/**
 * Tells whether a codec reads values of a type without loss.
 *
 * A type that is not built in passes: its OID tells nothing.
 */
export function canRead({ reads }: AnyCodec, oid: number): boolean {
  if (reads === undefined || !(oid > 0 && oid < OF_USERS)) return true;
  const name = typeName(oid);
  // an array that is none of the usual ones has no name here, and gets the benefit of the doubt
  return reads.includes(name) || reads[0] === "[]" && /\[]|OID/.test(name);
}

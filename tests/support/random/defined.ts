/** Random objects of the kinds that a catalog holds as the statement that makes them. */
import type { DefinedKind } from "../../../src/catalog/other_types.ts";
import { Random } from "./random.ts";
import { type Maker, q, READER, SCHEMAS } from "./maker.ts";
import type { MadeTable } from "./tables.ts";

const [SHOP] = SCHEMAS;

interface Draft {
  readonly schema?: string;
  readonly name: string;
  readonly address: string;
  readonly definition: string;
  readonly owner?: string | null;
  readonly completion?: readonly string[];
}

function add(maker: Maker, kind: DefinedKind, draft: Draft): void {
  const { schema = null, owner = maker.owner, completion = [], ...said } = draft;
  maker.add({ kind, schema, owner, completion, ...said, ...maker.base() });
}

/** Adds what tables may stand on. */
export function addForeignServers(maker: Maker): void {
  if (!maker.chance(60)) return;
  add(maker, "foreign data wrapper", {
    ...{ name: "wrap", address: "wrap" },
    definition: `CREATE FOREIGN DATA WRAPPER wrap${
      maker.random.of(["", " OPTIONS (debug 'true')"])
    }`,
  });
  if (!maker.chance(80)) return;
  const version = maker.random.of(["", " VERSION '2'"]);
  add(maker, "foreign server", {
    ...{ name: "far", address: "far" },
    definition: `CREATE SERVER far${version} FOREIGN DATA WRAPPER wrap`,
  });
}

/** Adds collations, operators, casts, text search, event triggers and publications. */
export function addDefined(maker: Maker, tables: readonly MadeTable[]): void {
  if (maker.chance(40)) {
    const locale = maker.random.of(["C", "POSIX"]);
    add(maker, "collation", {
      ...{ schema: SHOP, name: "plain", address: "shop.plain" },
      definition:
        `CREATE COLLATION shop.plain (PROVIDER = libc, LC_COLLATE = '${locale}', LC_CTYPE = '${locale}')`,
    });
  }
  addOperators(maker);
  addRare(maker);
  if (maker.has("enum", SHOP, "mood") && maker.chance(50)) {
    const how = maker.random.of(["", " AS ASSIGNMENT"]);
    add(maker, "cast", {
      ...{ name: "shop.mood AS integer", address: "(shop.mood AS integer)", owner: null },
      definition: `CREATE CAST (shop.mood AS integer) WITH INOUT${how}`,
    });
  }
  if (maker.chance(40)) {
    const words = maker.random.of(["english", "french"]);
    add(maker, "text search dictionary", {
      ...{ schema: SHOP, name: "words", address: "shop.words" },
      definition:
        `CREATE TEXT SEARCH DICTIONARY shop.words (TEMPLATE = pg_catalog.simple, stopwords = '${words}')`,
    });
    if (maker.chance(60)) {
      add(maker, "text search configuration", {
        ...{ schema: SHOP, name: "searching", address: "shop.searching" },
        definition:
          `CREATE TEXT SEARCH CONFIGURATION shop.searching (PARSER = pg_catalog."default")`,
        completion: maker.some(["asciiword", "word"], 80).map((token) =>
          `ALTER TEXT SEARCH CONFIGURATION shop.searching ADD MAPPING FOR ${token} WITH shop.words`
        ),
      });
    }
  }
  if (maker.chance(40)) {
    const event = maker.random.of(["ddl_command_end", "sql_drop"]);
    add(maker, "event trigger", {
      ...{ name: "watching", address: "watching" },
      definition: `CREATE EVENT TRIGGER watching ON ${event} EXECUTE FUNCTION shop.watch()`,
      completion: maker.random.of([[], ["ALTER EVENT TRIGGER watching DISABLE"]]),
    });
  }
  if (maker.chance(40)) {
    const listed = maker.some(tables.filter(({ kind }) => kind === "plain"), 60)
      .map(({ schema, name }) => `ONLY ${q(schema, name)}`);
    const what = listed.length === 0 ? "" : ` FOR TABLE ${listed.join(", ")}`;
    const how = `publish = 'insert, ${maker.random.of(["update", "delete"])}'`;
    add(maker, "publication", {
      ...{ name: "news", address: "news" },
      definition: `CREATE PUBLICATION news${what} WITH (${how})`,
    });
  }
}

/** Adds what few databases define, made of functions that every server has. */
function addRare(maker: Maker): void {
  const random = new Random(maker.objects.size);
  if (random.once(3)) {
    const word = random.of(["", "DEFAULT "]);
    add(maker, "conversion", {
      ...{ schema: SHOP, name: "latin", address: "shop.latin" },
      definition:
        `CREATE ${word}CONVERSION shop.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`,
    });
  }
  if (random.once(3)) {
    const validator = random.of(["", " VALIDATOR plpgsql_validator"]);
    add(maker, "language", {
      ...{ name: "tongue", address: "tongue" },
      definition: `CREATE LANGUAGE tongue HANDLER plpgsql_call_handler${validator}`,
    });
  }
  if (random.once(3)) {
    const to = random.of(["", ", TO SQL WITH FUNCTION int4recv(internal)"]);
    add(maker, "transform", {
      ...{ name: "integer LANGUAGE sql", address: "FOR integer LANGUAGE sql", owner: null },
      definition: "CREATE TRANSFORM FOR integer LANGUAGE sql " +
        `(FROM SQL WITH FUNCTION prsd_lextype(internal)${to})`,
    });
  }
  if (random.once(3)) {
    add(maker, "access method", {
      ...{ name: "heap_too", address: "heap_too", owner: null },
      definition: "CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler",
    });
  }
  if (random.once(3)) {
    const headline = random.of(["", ", HEADLINE = prsd_headline"]);
    add(maker, "text search parser", {
      ...{ schema: SHOP, name: "splitting", address: "shop.splitting", owner: null },
      definition:
        "CREATE TEXT SEARCH PARSER shop.splitting (START = prsd_start, GETTOKEN = prsd_nexttoken, " +
        `END = prsd_end, LEXTYPES = prsd_lextype${headline})`,
    });
  }
  if (random.once(3)) {
    const init = random.of(["", ", INIT = dsimple_init"]);
    add(maker, "text search template", {
      ...{ schema: SHOP, name: "simpler", address: "shop.simpler", owner: null },
      definition: `CREATE TEXT SEARCH TEMPLATE shop.simpler (LEXIZE = dsimple_lexize${init})`,
    });
  }
}

function addOperators(maker: Maker): void {
  if (maker.chance(40)) {
    const hashes = maker.random.of(["", ", HASHES"]);
    add(maker, "operator", {
      ...{ schema: SHOP, name: "===(integer,integer)", address: "shop.=== (integer, integer)" },
      definition:
        `CREATE OPERATOR shop.=== (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer${hashes})`,
    });
  }
  if (!maker.chance(40)) return;
  add(maker, "operator family", {
    ...{ schema: SHOP, name: "family USING btree", address: "shop.family USING btree" },
    definition: "CREATE OPERATOR FAMILY shop.family USING btree",
  });
  if (!maker.chance(70)) return;
  const operators = ["<", "<=", "=", ">=", ">"].map((sign, at) =>
    `OPERATOR ${at + 1} pg_catalog.${sign} (integer, integer)`
  );
  const function_ = maker.random.of([
    "FUNCTION 1 (integer, integer) btint4cmp(integer,integer)",
    "FUNCTION 1 (integer, integer) btint4cmp(integer,integer), " +
    "FUNCTION 2 (integer, integer) btint4sortsupport(internal)",
  ]);
  add(maker, "operator class", {
    ...{ schema: SHOP, name: "numbers USING btree", address: "shop.numbers USING btree" },
    definition: `CREATE OPERATOR CLASS shop.numbers FOR TYPE integer USING btree ` +
      `FAMILY shop.family AS ${operators.join(", ")}, ${function_}`,
  });
}

const TABLE_WORDS = ["SELECT", "INSERT", "UPDATE"];

/** Adds privileges and default privileges of a role. */
export function addPrivileges(maker: Maker, tables: readonly MadeTable[]): void {
  const base = { comment: null, extension: null };
  for (const { schema, name } of tables) {
    if (!maker.chance(30)) continue;
    const privileges = maker.some(TABLE_WORDS, 60).sort();
    if (privileges.length === 0) continue;
    maker.add({
      ...{ kind: "privilege", on: { kind: "table", name: [schema, name] }, grantee: READER },
      ...{ privileges, grantable: maker.some(privileges, 20), usual: [], ...base },
    });
  }
  if (maker.chance(40)) {
    maker.add({
      ...{ kind: "privilege", on: { kind: "schema", name: [SHOP] }, grantee: READER },
      ...{ privileges: ["USAGE"], grantable: [], usual: [], ...base },
    });
  }
  if (maker.chance(30)) {
    maker.add({
      ...{ kind: "privilege", on: { kind: "function", name: [SHOP, "twice", "a integer"] } },
      ...{ grantee: "public", privileges: [], grantable: [], usual: ["EXECUTE"], ...base },
    });
  }
  if (maker.chance(40)) {
    const [objects, privileges] = maker.random.of(
      [["tables", ["SELECT"]], ["sequences", ["USAGE"]], ["functions", ["EXECUTE"]]] as const,
    );
    maker.add({
      ...{ kind: "default privilege", role: maker.owner, schema: SHOP, objects, privileges },
      ...{ grantee: READER, grantable: [], usual: [], ...base },
    });
  }
}

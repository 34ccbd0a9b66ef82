/** What introspect_torture.sql must be read as, apart from its relations. */
import type { Fact } from "./introspect_facts.ts";

const type = (name: string, modifiers: readonly string[] = [], dimensions = 0) => ({
  schema: "pg_catalog",
  name,
  modifiers,
  dimensions,
});
const c = { schema: "pg_catalog", name: "C" };

const types: readonly Fact[] = [
  [`enum "t"."mood"`, { labels: ["sad", "meh", "ok", `it's "great"`], comment: "enum comment" }],
  [`enum "s p.a""c'e\`\${x}\\"."we(ird, ""t"")"`, { labels: ["", "__proto__", "a\nb", "${x}"] }],
  [`domain "t"."money_amount"`, {
    base: type("numeric", ["12", "2"]),
    formatted: "numeric(12,2)",
    notNull: true,
    default: "0.00",
    collation: null,
    comment: "domain comment",
    checks: [
      {
        name: "below_million",
        definition: "CHECK ((VALUE < (1000000)::numeric))",
        validated: true,
        comment: null,
      },
      {
        name: "positive",
        definition: "CHECK ((VALUE >= (0)::numeric))",
        validated: true,
        comment: "domain check comment",
      },
    ],
  }],
  [`domain "t"."c_text"`, {
    collation: c,
    notNull: false,
    default: null,
    checks: [{
      name: "late",
      definition: "CHECK ((VALUE <> ''::text)) NOT VALID",
      validated: false,
      comment: null,
    }],
  }],
  [`domain "t"."matrix"`, { base: type("int4", [], 2), formatted: "integer[]" }],
  [`composite "t"."address"`, {
    comment: "composite comment",
    attributes: [
      { name: "street", type: type("text"), formatted: "text", collation: c, comment: null },
      {
        name: "zip",
        type: type("varchar", ["10"], 1),
        formatted: "character varying(10)[]",
        collation: null,
        comment: "attribute comment",
      },
      {
        name: "odd attr",
        type: type("numeric", ["6", "-2"]),
        formatted: "numeric(6,-2)",
        collation: null,
        comment: null,
      },
    ],
  }],
  [`range "t"."float_range"`, {
    subtype: type("float8"),
    formatted: "double precision",
    opclass: null,
    collation: null,
    canonical: null,
    subtypeDiff: "float8mi",
    multirange: { schema: "other", name: "float_multi" },
    comment: "range comment",
  }],
  [`range "t"."text_range"`, {
    opclass: { schema: "pg_catalog", name: "text_pattern_ops" },
    collation: c,
    subtypeDiff: null,
    multirange: { schema: "t", name: "text_multirange" },
  }],
];

const sequences: readonly Fact[] = [
  [`sequence "t"."free_seq"`, {
    type: type("int2"),
    options: { start: "30", increment: "-3", min: "-300", max: "300", cache: "5", cycle: true },
    persistence: "permanent",
    ownedBy: null,
    comment: "sequence comment",
  }],
  [`sequence "t"."plain_num_seq"`, {
    type: type("int4"),
    ownedBy: { schema: "t", table: "plain", column: "num" },
  }],
];

const routines: readonly Fact[] = [
  [`function "t"."touch".""`, {
    language: "plpgsql",
    returns: "trigger",
    definition: "CREATE OR REPLACE FUNCTION t.touch()\n RETURNS trigger\n LANGUAGE plpgsql\n" +
      "AS $function$ begin return new; end $function$\n",
    comment: "function comment",
  }],
  [`function "t"."over"."a integer, b text, OUT c integer"`, { returns: "integer" }],
  [`function "t"."over"."a text"`, { returns: "SETOF t.plain", language: "sql" }],
  [`procedure "t"."proc"."INOUT x integer"`, { returns: null, comment: "procedure comment" }],
  [`aggregate "t"."Sum It"."numeric"`, {
    comment: "aggregate comment",
    definition: `CREATE AGGREGATE t."Sum It"(numeric) (
    SFUNC = t."Add It",
    STYPE = numeric,
    COMBINEFUNC = t."Add It",
    INITCOND = '0',
    MSFUNC = t."Add It",
    MINVFUNC = numeric_sub,
    MSTYPE = numeric,
    MINITCOND = '1',
    SORTOP = OPERATOR(pg_catalog.>),
    PARALLEL = SAFE
)`,
  }],
  [`aggregate "t"."pct"."double precision ORDER BY anyelement"`, {
    definition: `CREATE AGGREGATE t.pct(double precision ORDER BY anyelement) (
    SFUNC = ordered_set_transition,
    STYPE = internal,
    FINALFUNC = percentile_disc_final,
    FINALFUNC_EXTRA
)`,
  }],
  [`aggregate "t"."hypo"."VARIADIC ""any"" ORDER BY VARIADIC ""any"""`, {
    definition: `CREATE AGGREGATE t.hypo(VARIADIC "any" ORDER BY VARIADIC "any") (
    SFUNC = ordered_set_transition_multi,
    STYPE = internal,
    FINALFUNC = rank_final,
    FINALFUNC_EXTRA,
    HYPOTHETICAL
)`,
  }],
  [`aggregate "t"."count_all".""`, {
    definition: `CREATE AGGREGATE t.count_all(*) (
    SFUNC = int8inc,
    STYPE = bigint,
    INITCOND = '0'
)`,
  }],
];

const actors: readonly Fact[] = [
  [`trigger "t"."plain"."plain_touch"`, {
    definition: "CREATE TRIGGER plain_touch BEFORE INSERT OR UPDATE OF a ON t.plain " +
      "FOR EACH ROW WHEN ((new.a > (1)::numeric)) EXECUTE FUNCTION t.touch()",
    enabled: "always",
    inherited: false,
    comment: "trigger comment",
  }],
  [`trigger "t"."plain"."plain_check_later"`, {
    definition: "CREATE CONSTRAINT TRIGGER plain_check_later AFTER INSERT ON t.plain " +
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION t.touch()",
    enabled: "origin",
  }],
  [`trigger "t"."part"."part_touch"`, { inherited: false }],
  [`trigger "t"."part_eu_1"."part_touch"`, { inherited: true }],
  [`trigger "t"."v"."v_insert"`, { enabled: "origin" }],
  [`rule "t"."base"."base_rule"`, {
    definition: "CREATE RULE base_rule AS\n    ON DELETE TO t.base DO INSTEAD NOTHING;",
    enabled: "disabled",
    comment: "rule comment",
  }],
  [`policy "t"."child"."child_policy"`, {
    permissive: false,
    command: "update",
    roles: ["public"],
    using: "(a > 1)",
    check: "(b > 1)",
    comment: "policy comment",
  }],
  [`policy "t"."child"."child_all"`, {
    permissive: true,
    command: "all",
    roles: ["postgres"],
    check: null,
  }],
  [`statistics "t"."child_stats"`, {
    table: { schema: "t", name: "child" },
    definition: "CREATE STATISTICS t.child_stats (ndistinct, mcv) ON a, (b + c) FROM t.child",
    target: 55,
    comment: "statistics comment",
  }],
  [`schema "t"`, { comment: `The schema's "comment"`, owner: "postgres" }],
  [`extension "plpgsql"`, { schema: "pg_catalog", version: "1.0" }],
];

const defined: readonly Fact[] = [
  [`cast "t.base_type AS text"`, {
    address: "(t.base_type AS text)",
    definition: "CREATE CAST (t.base_type AS text) WITHOUT FUNCTION AS IMPLICIT",
  }],
  [`collation "t"."german"`, {
    definition: "CREATE COLLATION t.german (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'C')",
  }],
  [`event trigger "watcher"`, {
    definition:
      "CREATE EVENT TRIGGER watcher ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION t.on_ddl()",
    completion: ["ALTER EVENT TRIGGER watcher DISABLE"],
  }],
  [`foreign data wrapper "wrap"`, {
    definition: "CREATE FOREIGN DATA WRAPPER wrap OPTIONS (debug 'true')",
  }],
  [`foreign server "srv"`, {
    definition:
      "CREATE SERVER srv TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER wrap OPTIONS (__proto__ 'p', host 'h')",
  }],
  [`operator class "t"."base_ops USING btree"`, {
    address: "t.base_ops USING btree",
    definition:
      "CREATE OPERATOR CLASS t.base_ops DEFAULT FOR TYPE t.base_type USING btree FAMILY t.fam AS " +
      "OPERATOR 3 t.=== (t.base_type, t.base_type), " +
      "FUNCTION 1 (t.base_type, t.base_type) t.cmp(t.base_type,t.base_type)",
  }],
  [`operator family "t"."fam USING btree"`, {
    definition: "CREATE OPERATOR FAMILY t.fam USING btree",
    completion: [
      "ALTER OPERATOR FAMILY t.fam USING btree ADD FUNCTION 1 (text, text) bttextcmp(text,text)",
    ],
  }],
  [`operator "t"."===(t.base_type,t.base_type)"`, {
    comment: "operator comment",
    address: "t.=== (t.base_type, t.base_type)",
    definition:
      "CREATE OPERATOR t.=== (FUNCTION = t.same, LEFTARG = t.base_type, RIGHTARG = t.base_type, " +
      "COMMUTATOR = OPERATOR(t.===))",
  }],
  [`publication "pub"`, {
    definition:
      "CREATE PUBLICATION pub FOR TABLE ONLY t.child WHERE ((a > 1)), TABLES IN SCHEMA other " +
      "WITH (publish = 'insert, update, delete, truncate')",
  }],
  [`text search configuration "t"."tsc"`, {
    definition: "CREATE TEXT SEARCH CONFIGURATION t.tsc (PARSER = t.tsp)",
    completion: [],
  }],
  [`text search dictionary "t"."tsd"`, {
    definition: "CREATE TEXT SEARCH DICTIONARY t.tsd (TEMPLATE = t.tst)",
  }],
  [`text search parser "t"."tsp"`, {
    definition: "CREATE TEXT SEARCH PARSER t.tsp (START = prsd_start, GETTOKEN = prsd_nexttoken, " +
      "END = prsd_end, LEXTYPES = prsd_lextype)",
    owner: null,
  }],
  [`text search template "t"."tst"`, {
    definition: "CREATE TEXT SEARCH TEMPLATE t.tst (LEXIZE = dsimple_lexize, INIT = dsimple_init)",
  }],
  [`access method "heap_too"`, {
    definition: "CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler",
  }],
  [`conversion "t"."conv"`, {
    definition: "CREATE CONVERSION t.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    owner: "postgres",
  }],
  [`language "tongue"`, { definition: "CREATE LANGUAGE tongue HANDLER plpgsql_call_handler" }],
  [`transform "integer LANGUAGE sql"`, {
    address: "FOR integer LANGUAGE sql",
    definition: "CREATE TRANSFORM FOR integer LANGUAGE sql " +
      "(FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal))",
  }],
  [`default privilege "postgres"."t"."tables"."public"`, {
    privileges: ["SELECT"],
    grantable: [],
    usual: [],
  }],
  [`privilege "column"."other"."parent"."label"."public"`, { privileges: ["UPDATE"], usual: [] }],
  [`privilege "foreign server"."srv"."public"`, { privileges: ["USAGE"], usual: [] }],
  [`privilege "schema"."t"."public"`, { privileges: ["USAGE"], usual: [] }],
  [`privilege "table"."t"."base"."public"`, { privileges: ["SELECT"], usual: [] }],
];

const unmodelled: readonly Fact[] = [
  ["large objects", "1"],
  ["type", "t.base_type"],
  ["type", "t.shell"],
  ["user mapping", "public on server srv"],
].map(([what, name]): Fact => [`unmodelled "${what}"."${name}"`, { comment: null }]);

/** Facts of types, sequences, routines, what acts on tables, what is kept as a statement, and what is not modelled. */
export const otherFacts: readonly Fact[] = [
  ...types,
  ...sequences,
  ...routines,
  ...actors,
  ...defined,
  ...unmodelled,
];

/** What introspect_torture.sql must be read as: the identity of an object, and facts about it. */
export type Fact = readonly [identity: string, facts: Readonly<Record<string, unknown>>];

const builtIn = (name: string, modifiers: readonly string[] = [], dimensions = 0) => ({
  schema: "pg_catalog",
  name,
  modifiers,
  dimensions,
});
const own = (name: string, dimensions = 0) => ({ schema: "t", name, modifiers: [], dimensions });
const posix = { schema: "pg_catalog", name: "POSIX" };
const c = { schema: "pg_catalog", name: "C" };
const int4 = { min: "1", max: "2147483647", cache: "1", cycle: false };

const tables: readonly Fact[] = [
  [`table "t"."plain"`, {
    storage: { autovacuum_enabled: "false", fillfactor: "70", "toast.autovacuum_enabled": "false" },
    clusterOn: "plain_pk",
    replicaIdentity: "full",
    persistence: "permanent",
    accessMethod: "heap",
    rowSecurity: { enabled: false, forced: false },
    partitionBy: null,
    partitionOf: null,
    inherits: [],
    tablespace: null,
    foreign: null,
    ofType: null,
    estimatedRows: null,
    comment: "table comment",
    extension: null,
  }],
  [`table "t"."fast"`, { persistence: "unlogged" }],
  [`table "t"."inheritor"`, {
    inherits: [{ schema: "t", table: "base" }, { schema: "t", table: "base2" }],
  }],
  [`table "t"."typed"`, { ofType: { schema: "t", name: "address" } }],
  [`table "t"."part"`, { partitionBy: "LIST (region)", partitionOf: null }],
  [`table "t"."part_eu"`, {
    partitionBy: "RANGE (at)",
    partitionOf: { schema: "t", table: "part", bound: "FOR VALUES IN ('eu', 'it''s')" },
    inherits: [],
  }],
  [`table "t"."part_eu_1"`, {
    partitionOf: {
      schema: "t",
      table: "part_eu",
      bound: "FOR VALUES FROM (MINVALUE) TO ('2030-01-01 00:00:00+00')",
    },
  }],
  [`table "t"."part_rest"`, { partitionOf: { schema: "t", table: "part", bound: "DEFAULT" } }],
  [`table "t"."hashed"`, { partitionBy: "HASH (id)" }],
  [`table "t"."expression_part"`, { partitionBy: "RANGE (EXTRACT(year FROM d))" }],
  [`table "t"."child"`, {
    rowSecurity: { enabled: true, forced: true },
    replicaIdentity: { index: "child_replica" },
  }],
  [`table "t"."remote"`, {
    foreign: { server: "srv", options: { table_name: "it's", toString: "f" } },
    accessMethod: null,
  }],
  [`table "__proto__"."constructor"`, {
    comment: "*/ ${process.exit()} \\ ` </script> \u2028",
  }],
  [`table "s p.a""c'e\`\${x}\\"."😀.""table"""`, { name: '😀."table"' }],
  [`view "t"."v"`, {
    options: { check_option: "cascaded", security_barrier: "true" },
    comment: "view comment",
  }],
  [`materialized view "t"."mv"`, {
    populated: false,
    storage: { fillfactor: "50" },
    accessMethod: "heap",
    comment: "matview comment",
  }],
];

const plain = (name: string) => `column "t"."plain"."${name}"`;

const columns: readonly Fact[] = [
  [plain("id"), {
    position: 1,
    type: builtIn("int8"),
    formatted: "bigint",
    notNull: true,
    default: null,
    identity: {
      generation: "always",
      sequence: { schema: "t", name: "plain_ids" },
      options: {
        start: "9007199254740993",
        increment: "2",
        min: "1",
        max: "9223372036854775807",
        cache: "1",
        cycle: false,
      },
      comment: "identity sequence comment",
    },
  }],
  [plain("other_id"), {
    identity: {
      generation: "by default",
      sequence: { schema: "t", name: "plain_other_id_seq" },
      options: { start: "1", increment: "1", ...int4 },
      comment: null,
    },
  }],
  [plain("num"), { default: "nextval('t.plain_num_seq'::regclass)", identity: null }],
  [plain("a"), {
    type: builtIn("numeric", ["12", "2"]),
    formatted: "numeric(12,2)",
    notNull: true,
    default: "1.50",
    comment: "column 'comment'\nof two lines",
  }],
  [plain("b"), {
    type: builtIn("varchar", ["20"], 1),
    formatted: "character varying(20)[]",
    default: `'{x,"y z"}'::character varying[]`,
  }],
  [plain("c"), { type: builtIn("timestamptz", ["3"]), default: "now()" }],
  [plain("d"), {
    type: builtIn("interval", ["day to second", "3"]),
    default: "'1 day'::interval day to second(3)",
  }],
  [plain("e"), { type: builtIn("interval", ["year to month"]) }],
  [plain("f"), { type: builtIn("interval", ["2"]) }],
  [plain("g"), { type: builtIn("varbit", ["7"]) }],
  [plain("h"), { type: builtIn("bpchar", ["3"], 2), formatted: "character(3)[]" }],
  [plain("i"), { type: own("mood"), default: "'ok'::t.mood" }],
  [plain("j"), { type: own("money_amount"), notNull: false }],
  [plain("k"), { type: own("address", 1) }],
  [plain("l"), { collation: c, default: "'line\nbreak''s'::text" }],
  [plain("m"), {
    storage: "EXTERNAL",
    statistics: 321,
    options: { n_distinct: "-0.5", n_distinct_inherited: "5" },
    collation: null,
    compression: null,
  }],
  [plain("n"), { compression: "pglz", storage: null, statistics: null, options: {} }],
  [plain("o"), { generated: { expression: "(num * 2)", kind: "stored" }, default: null }],
  [plain("p"), { type: builtIn("char"), formatted: `"char"` }],
  [plain("q"), { type: own("matrix") }],
  [plain("r"), { type: own("float_range") }],
  [plain("s"), { type: { ...own("float_multi"), schema: "other" } }],
  [plain("z"), { type: builtIn("time", ["0"]), position: 23 }],
  [`column "t"."typed"."street"`, { default: "'x'::text", collation: c }],
  [`column "t"."inheritor"."x"`, { local: true, notNull: true }],
  [`column "t"."inheritor"."extra"`, { local: false }],
  [`column "t"."v"."id"`, { comment: "view column comment", default: "7" }],
  [`column "t"."v"."the ""m"""`, { type: builtIn("text") }],
  [`column "t"."mv"."n"`, { type: builtIn("int8") }],
  [`column "t"."remote"."id"`, {
    foreignOptions: { column_name: "Odd", constructor: "c" },
    notNull: true,
  }],
  ...["__proto__", "select", "a b", "a.b", 'a""b', "a'b", "toString", "😀", "line\nbreak"]
    .map((name, i): Fact => [`column "__proto__"."constructor"."${name}"`, { position: i + 1 }]),
  ...["back\\slash", "`${process.exit()}`", " ", "*/ //", "é".repeat(31), "valueOf"]
    .map((name, i): Fact => [`column "__proto__"."constructor"."${name}"`, { position: i + 10 }]),
  [`column "s p.a""c'e\`\${x}\\"."😀.""table"""."e[]"`, {
    type: { schema: "s p.a\"c'e`${x}\\", name: 'we(ird, "t")', modifiers: [], dimensions: 1 },
  }],
];

const plainCheck = "((num > 0) AND (a < (5)::numeric))";
const whole = { deferrable: null, validated: true, enforced: true, local: true, comment: null };
const rest = { onDelete: "no action", onUpdate: "no action", onDeleteColumns: [], match: "simple" };

const constraints: readonly Fact[] = [
  [`constraint "t"."plain"."plain_pk"`, {
    ...whole,
    type: "primary",
    columns: ["id"],
    include: ["num", "a"],
    storage: { fillfactor: "80" },
    nullsNotDistinct: false,
    withoutOverlaps: false,
    tablespace: null,
    definition: "PRIMARY KEY (id) INCLUDE (num, a)",
    comment: "constraint comment",
    indexComment: "comment of the index behind",
  }],
  [`constraint "t"."plain"."plain_unique"`, {
    ...whole,
    type: "unique",
    columns: ["b", "c"],
    include: [],
    nullsNotDistinct: true,
    deferrable: "initially deferred",
  }],
  [`constraint "t"."plain"."plain_check"`, {
    ...whole,
    type: "check",
    expression: plainCheck,
    columns: ["num", "a"],
    noInherit: true,
    validated: false,
  }],
  [`constraint "t"."plain"."plain_excl"`, {
    ...whole,
    type: "exclusion",
    deferrable: "initially immediate",
    definition: "EXCLUDE USING gist (r WITH &&) WHERE ((num > 3)) DEFERRABLE",
    comment: "exclusion comment",
  }],
  [`constraint "t"."child"."fk_full"`, {
    ...whole,
    ...rest,
    type: "foreign",
    columns: ["b", "a"],
    references: { schema: "other", table: "parent", columns: ["b", "a"] },
    onDelete: "restrict",
    onUpdate: "cascade",
    match: "full",
    deferrable: "initially immediate",
    period: false,
  }],
  [`constraint "t"."child"."fk_cols"`, {
    ...rest,
    columns: ["c", "d"],
    references: { schema: "other", table: "parent", columns: ["a", "b"] },
    onDelete: "set null",
    onDeleteColumns: ["d"],
    onUpdate: "set default",
  }],
  [`constraint "t"."child"."fk_self"`, {
    ...rest,
    references: { schema: "t", table: "child", columns: ["id"] },
    onDelete: "cascade",
  }],
  [`constraint "t"."child"."fk_late"`, { ...whole, ...rest, validated: false }],
  [`constraint "t"."refers"."to_part"`, { ...whole, ...rest, columns: ["region", "at"] }],
  [`constraint "t"."part"."part_v_check"`, { local: true, expression: "(v > 0)" }],
  [`constraint "t"."part_eu"."part_v_check"`, { local: false }],
  [`constraint "t"."part_eu"."part_eu_pkey"`, { local: false, type: "primary" }],
];

const key = {
  column: null,
  expression: null,
  opclass: null,
  opclassOptions: {},
  collation: null,
  descending: false,
  nulls: "last",
};

const indexes: readonly Fact[] = [
  [`index "t"."plain"."plain_mix"`, {
    method: "btree",
    unique: false,
    nullsNotDistinct: false,
    keys: [
      {
        ...key,
        column: "m",
        opclass: { schema: "pg_catalog", name: "text_pattern_ops" },
        descending: true,
      },
      { ...key, expression: "lower(l)", collation: posix },
      { ...key, column: "num", nulls: "first" },
    ],
    include: ["a"],
    where: "(m IS NOT NULL)",
    storage: { deduplicate_items: "off", fillfactor: "60" },
    valid: true,
    parent: null,
    tablespace: null,
    statistics: {},
    definition:
      "CREATE INDEX plain_mix ON t.plain USING btree (m text_pattern_ops DESC NULLS LAST, " +
      `lower(l) COLLATE "POSIX", num NULLS FIRST) INCLUDE (a) ` +
      "WITH (fillfactor='60', deduplicate_items=off) WHERE (m IS NOT NULL)",
    comment: "index comment",
  }],
  [`index "t"."plain"."plain_expr"`, {
    unique: true,
    nullsNotDistinct: true,
    keys: [
      { ...key, expression: "((num + 1))" },
      { ...key, expression: "t.immutable_len(m)" },
    ],
    statistics: { "2": 99 },
  }],
  [`index "t"."plain"."plain_gist"`, {
    method: "gist",
    keys: [{
      ...key,
      expression: "to_tsvector('simple'::regconfig, m)",
      opclass: { schema: "pg_catalog", name: "tsvector_ops" },
      opclassOptions: { siglen: "100" },
    }],
  }],
  [`index "t"."plain"."plain_hash"`, { method: "hash", keys: [{ ...key, column: "m" }] }],
  [`index "t"."plain"."plain_broken"`, { valid: false }],
  [`index "t"."child"."child_ident"`, { unique: true, where: "false" }],
  [`index "t"."part"."part_v"`, { parent: null }],
  [`index "t"."part_eu"."part_eu_v_idx"`, { parent: { schema: "t", name: "part_v" } }],
  [`index "t"."part_eu_1"."part_eu_1_v_idx"`, { parent: { schema: "t", name: "part_eu_v_idx" } }],
  [`index "t"."mv"."mv_region"`, { unique: true }],
];

/** Facts of relations and what hangs on them. */
export const relationFacts: readonly Fact[] = [...tables, ...columns, ...constraints, ...indexes];

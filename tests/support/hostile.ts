/** Names and texts that break careless code, for tests of everything that handles names. */

/** Longest name of PostgreSQL, in bytes. */
const LONGEST = 63;

const JAVASCRIPT: readonly string[] = [
  ...["__proto__", "constructor", "prototype", "then", "catch", "finally", "toJSON", "toString"],
  ...["valueOf", "hasOwnProperty", "isPrototypeOf", "__defineGetter__", "__lookupSetter__", "name"],
  ...["length", "caller", "callee", "arguments", "apply", "call", "bind", "eval", "this", "super"],
  ...["class", "default", "await", "async", "enum", "let", "static", "yield", "import", "export"],
  ...["new", "delete", "typeof", "void", "null", "undefined", "true", "false", "NaN", "Infinity"],
  ...["implements", "interface", "package", "private", "protected", "public", "abstract", "as"],
  ...[
    "any",
    "unknown",
    "never",
    "declare",
    "module",
    "namespace",
    "readonly",
    "satisfies",
    "using",
  ],
  ...[
    "Object",
    "Array",
    "Promise",
    "Date",
    "Map",
    "Set",
    "Symbol",
    "Record",
    "Uint8Array",
    "Error",
  ],
  ...["String", "Number", "Boolean", "Function", "BigInt", "JSON", "Math", "Proxy", "globalThis"],
  ...["global", "window", "process", "Deno", "Bun", "require", "module.exports", "import.meta"],
  ...["get", "set", "of", "in", "instanceof", "switch", "case", "with", "debugger", "do", "goto"],
];

const LIBRARY: readonly string[] = [
  ...["model", "models", "Model", "viewModel", "sql", "text", "index", "Index", "unique", "check"],
  ...["field", "fields", "Field", "relation", "relations", "Range", "ranges", "IntervalInput"],
  ...[
    "save",
    "update",
    "filter",
    "get",
    "all",
    "first",
    "count",
    "create",
    "raw",
    "limit",
    "using",
  ],
  ...["fetchFk", "fetch_fk", "get_related", "to_dict", "add_m2m", "meta", "shape", "schema", "q"],
  ...["domain", "domains", "range", "array", "arrays", "composite", "enumeration", "customType"],
  ...["mod", "enums", "types", "mods", "enum_s", "type", "manifest", "generated", "sparse_vectors"],
  ...["order_base", "order_bases", "order_shape", "order_table", "order", "orders", "Order"],
  ...["ORDERS", "order_", "_order", "__order", "order__", "o_r_d_e_r", "user", "users", "Users"],
];

const SQL_WORDS: readonly string[] = [
  ..."select from where group table column constraint primary foreign references user current_user"
    .split(" "),
  ..."session_user authorization analyze between binary both cast collate concurrently cross".split(
    " ",
  ),
  ..."deferrable desc distinct except fetch for freeze full grant having ilike initially inner"
    .split(
      " ",
    ),
  ..."into is isnull join lateral leading left like natural not notnull offset on only or outer"
    .split(" "),
  ..."overlaps placing returning right similar some symmetric tablesample then to trailing union"
    .split(" "),
  ..."using variadic verbose when window oid ctid_ xmin_ tableoid_ public pg_class_ information_schema"
    .split(" "),
];

const DEVICES: readonly string[] = [
  ...["con", "CON", "prn", "aux", "nul", "com1", "COM9", "lpt1", "LPT9", "con.ts", "nul.json"],
  ...[".", "..", "...", "~", "/", "\\", "a/b", "..\\..\\x", "../../etc/passwd", "C:\\temp", "a:b"],
  ...[
    "a*b",
    "a?b",
    "a|b",
    "<a>",
    ".hidden",
    "trailing.",
    "trailing ",
    " leading",
    "a.ts",
    "a.d.ts",
  ],
  ...["index.ts", "mod.ts", "node_modules", "package.json", "%2e%2e", "file:///x", "#fragment"],
];

const MARKS: readonly string[] = [
  ...[`"`, `""`, `'`, `''`, "`", "``", "\\", "\\\\", `\\"`, "\\'", "\\`", "$", "$$", "${", "${}"],
  ...["$&", "$1", "$`", "$'", "{{x}}", "%s", "%d", "{0}", "<%= x %>", "#{x}", "\\u0041", "\\x41"],
  ...[
    "\\n",
    "\\0",
    "a\nb",
    "a\r\nb",
    "a\rb",
    "a\tb",
    "a\vb",
    "a\fb",
    "a\bb",
    "\u0001",
    "\u001b[31m",
  ],
  ...["\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "a\u2028b", "a\u2029b", "\ufeff", "\u200b"],
  ...["a\u200bb", "a\u200db", "\u202eabc", "a\u2066b\u2069", "\u00ad", "\ufff9x", "\u2060"],
  ...["*/", "/*", "/**/", "/** @type {x} */", "//", "--", "-- x", "<!--", "-->", "]]>", "#!", "/"],
  ...["a*/b", "*\\/", "**/", "@ts-ignore", "@ts-expect-error", "@ts-nocheck", " @ts-expect-error"],
  ...[
    "deno-fmt-ignore",
    "deno-fmt-ignore-file",
    "deno-lint-ignore-file",
    "dprint-ignore",
    "@jsx h",
  ],
  ...["# sourceMappingURL=x", "@deprecated", "{@link x}", "(", ")", "[", "]", "{", "}", "<", ">"],
  ...[",", ";", ":", "?", "!", "=", "=>", "&", "|", "^", "%", "+", "-", "*", ".", "a.b", "a.b.c"],
  ...["a b", "a  b", " ", "  ", "a-b", "a+b", "a=b", "a,b", "a;b", "a:b c", "(a)", "[a]", "{a}"],
];

const INJECTIONS: readonly string[] = [
  "${globalThis.PWNED=1}",
  "`${globalThis.PWNED=1}`",
  "`+(globalThis.PWNED=1)+`",
  '"+(globalThis.PWNED=1)+"',
  "'+(globalThis.PWNED=1)+'",
  '");globalThis.PWNED=1;("',
  "');globalThis.PWNED=1;('",
  "`);globalThis.PWNED=1;(`",
  "*/globalThis.PWNED=1/*",
  "\nglobalThis.PWNED=1\n",
  "\r\nglobalThis.PWNED=1//",
  "\u2028globalThis.PWNED=1//",
  "\u2029globalThis.PWNED=1//",
  "x\\",
  "\\${globalThis.PWNED=1}",
  "\\\\${globalThis.PWNED=1}",
  "}globalThis.PWNED=1;{",
  "]:globalThis.PWNED=1,[",
  "constructor.constructor('globalThis.PWNED=1')()",
  "<script>globalThis.PWNED=1</script>",
  "'; drop table users; --",
  `"; drop table users; --`,
  "1; select pg_sleep(1)",
  "$(touch PWNED)",
  "`touch PWNED`",
  "| touch PWNED",
  "() { :;}; touch PWNED",
];

const LETTERS: readonly string[] = [
  ...[
    "größe",
    "straße_älter",
    "ÄÖÜ",
    "naïve",
    "café",
    "cafe\u0301",
    "é",
    "e\u0301",
    "Å",
    "A\u030a",
  ],
  ...[
    "\u212b",
    "ﬁ",
    "ﬃ",
    "ß",
    "ẞ",
    "İ",
    "ı",
    "ſ",
    "µ",
    "μ",
    "Ω",
    "\u2126",
    "ｆｕｌｌ",
    "ＳＱＬ",
    "½",
    "²",
  ],
  ...["x²", "①", "Ⅳ", "日本語", "テーブル", "顧客", "中文 表", "한국어", "한국어".normalize("NFD")],
  ...[
    "русский",
    "Ελληνικά",
    "עברית",
    "العربية",
    "हिन्दी",
    "ไทย",
    "\u0301",
    "\u0301a",
    "a\u0301\u0301",
  ],
  ...[
    "😀",
    "😀😀",
    "a😀",
    "😀a",
    "👩‍👩‍👧",
    "🇩🇪",
    "❤️",
    "𝒳",
    "𝒳y",
    "𠮷",
    "ᚠ",
    "꙳",
    "٣",
    "٣x",
    "x٣",
    "௧",
  ],
  ...[
    "ａ",
    "а",
    "a",
    "ѕql",
    "раураl",
    "\u{e0001}",
    "\ue000",
    "\u{f0000}",
    "ℵ",
    "ª",
    "º",
    "·",
    "a·b",
    "‿",
  ],
];

const NUMBERS: readonly string[] = [
  ...[
    "0",
    "1",
    "2",
    "10",
    "01",
    "-1",
    "+1",
    "1.0",
    "1e3",
    "0x1",
    "0b1",
    "1n",
    "1_000",
    "9007199254740993",
  ],
  ...[
    "4294967294",
    "4294967295",
    "4294967296",
    "1a",
    "1_a",
    "2fa",
    "2_fa",
    "_1",
    "_",
    "__",
    "___",
    "a1",
  ],
  ...[
    "a_1",
    "a1b",
    "a_1_b",
    "html_2_pdf",
    "table_1_x",
    "a__b",
    "a_b",
    "aB",
    "AB",
    "ab",
    "Ab",
    "A_B",
    "a_B",
  ],
  ...["-0", "1,000", "0.1", "Inf", "nan", "null ", "NULL", "None", "TRUE"],
];

const GRAMMAR: readonly string[] = [
  ..."people person status statuses address addresses analysis analyses news data media series"
    .split(
      " ",
    ),
  ..."criteria criterion children child men man women mice geese teeth feet quizzes quiz boxes box"
    .split(" "),
  ..."buses bus matches match indices indexes vertices axes axis leaves knives wolves lives heroes"
    .split(" "),
  ..."cookies caches aliases alias bases basis schemas schema species sheep fish metadata goods"
    .split(" "),
];

/** Cuts a text to what PostgreSQL keeps of a name, between characters. */
export function asName(text: string): string {
  const encoder = new TextEncoder();
  let name = "";
  let bytes = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > LONGEST) break;
    name += character;
  }
  return name;
}

/** Names made by rule: of full length, by case alone, in pairs that look the same. */
function made(): string[] {
  const names: string[] = [];
  // not "_": PostgreSQL then finds no name for the array type of such a table
  for (
    const filler of ["a", "A", "é", "日", "😀", " ", '"', "'", "`", "\\", "$", "${", "\n"]
  ) {
    names.push(filler.repeat(LONGEST), `x${filler.repeat(LONGEST)}`);
  }
  for (const word of ["case", "mixed_case", "http_server", "user_id"]) {
    names.push(word.toUpperCase(), `${word[0]!.toUpperCase()}${word.slice(1)}`, `${word}S`);
  }
  for (const base of ["vis-à-vis", "Ångström", "năm", "한글"]) {
    names.push(base.normalize("NFC"), base.normalize("NFD"));
  }
  for (let code = 0x21; code < 0x7f; code++) {
    const sign = String.fromCharCode(code);
    if (!/[a-z0-9]/i.test(sign)) names.push(`a${sign}`, `${sign}a`);
  }
  for (let at = 0; at < 40; at++) names.push(`long_${"word_".repeat(12)}${at}`.slice(-LONGEST));
  return names;
}

/** Every hostile name, once, as PostgreSQL keeps it; at least 650. */
export const hostileNames: readonly string[] = [
  ...new Set(
    [
      ...JAVASCRIPT,
      ...LIBRARY,
      ...SQL_WORDS,
      ...DEVICES,
      ...MARKS,
      ...INJECTIONS,
      ...LETTERS,
      ...NUMBERS,
      ...GRAMMAR,
      ...made(),
    ].map(asName).filter((name) => name !== ""),
  ),
];

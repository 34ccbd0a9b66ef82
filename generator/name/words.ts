import pluralize from "npm:pluralize@8.0.0";

const singularOf: (word: string) => string = pluralize.singular;
const pluralOf: (word: string) => string = pluralize.plural;

/** Words that the library takes for something else, by their singular. */
const PAIRS: readonly (readonly [singular: string, plural: string])[] = [
  ["axis", "axes"],
  ["basis", "bases"],
  ["cache", "caches"],
  ["campus", "campuses"],
  ["canvas", "canvases"],
  ["cookie", "cookies"],
  ["german", "germans"],
  ["lens", "lenses"],
  ["memorandum", "memoranda"],
  ["roman", "romans"],
  ["schema", "schemas"],
  ["talisman", "talismans"],
  ["virus", "viruses"],
];

/** Words that name one thing and many alike; a table named so keeps its name. */
const ALIKE: ReadonlySet<string> = new Set([
  ...["analytics", "aws", "css", "data", "dns", "ethics", "goods", "gps", "has", "http", "https"],
  ...["ios", "is", "js", "logistics", "mathematics", "media", "metadata", "money", "news", "os"],
  ...["physics", "series", "sms", "species", "this", "tls", "us", "was"],
]);

const SINGULAR: ReadonlyMap<string, string> = new Map([
  ...PAIRS.map(([one, many]) => [many, one] as const),
  // "bases" is more often the plural of "base" than of "basis" in a database
  ["bases", "base"] as const,
]);
const PLURAL: ReadonlyMap<string, string> = new Map(PAIRS);
const KNOWN: ReadonlySet<string> = new Set(PAIRS.map(([one]) => one));

/** Replaces the last word of a name in snake_case. */
function lastWord(name: string, change: (word: string) => string): string {
  const [, head = "", word = "", tail = ""] = /^(.*?)([A-Za-z]+)([^A-Za-z]*)$/s.exec(name) ?? [];
  return word === "" ? name : head + change(word) + tail;
}

/** Makes the last word of a name in snake_case singular: `order_items` is `order_item`. */
export function singular(name: string): string {
  return lastWord(name, (word) => {
    const lower = word.toLowerCase();
    if (ALIKE.has(lower) || KNOWN.has(lower)) return word;
    return SINGULAR.get(lower) ?? singularOf(word);
  });
}

/** Makes the last word of a name in snake_case plural: `line_item` is `line_items`. */
export function plural(name: string): string {
  return lastWord(name, (word) => {
    const lower = word.toLowerCase();
    return ALIKE.has(lower) ? word : PLURAL.get(lower) ?? pluralOf(word);
  });
}

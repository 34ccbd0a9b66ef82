import type { GenerateConfig, LintConfig, MatrxConfig } from "../generator/config.ts";
import { MANAGER_GROUPS } from "../generator/options.ts";
import { levelFault } from "../migrations/lint/settings.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import { nearest } from "../src/util/nearest.ts";
import { CASINGS, choiceFault } from "./choice.ts";

/** What a value may be: gives what is wrong with it, by its key, or undefined. */
type Check = (key: string, value: unknown) => Fault | undefined;

interface Fault {
  readonly what: string;
  readonly hint?: string;
}

const isText = (value: unknown): value is string => typeof value === "string";

const kind = (is: (value: unknown) => boolean, a: string): Check => (key, value) =>
  is(value) ? undefined : { what: `${key} is not ${a}` };

/** Refuses an empty text as the options do. */
const filled = (check: Check): Check => (key, value) =>
  check(key, value) ??
    ([value].flat().some((one) => isText(one) && one.trim() === "")
      ? { what: `the value of ${key} is empty` }
      : undefined);

const text = filled(kind(isText, "a text"));
const flag = kind((value) => typeof value === "boolean", "true or false");
const list = filled(
  kind((value) => Array.isArray(value) && value.every(isText), "a list of texts"),
);
const texts = filled(kind((value) => [value].flat().every(isText), "a text or a list of texts"));
const object = kind(isObject, "an object");
const databases = kind(
  (value) => isObject(value) || Array.isArray(value) && value.every(isObject),
  "an object by name, or a list of objects",
);
const casing: Check = (key, value) =>
  text(key, value) ?? (isText(value) ? choiceFault(key, value, CASINGS) : undefined);

const managers: Check = (key, value) => {
  if (typeof value === "boolean") return undefined;
  if (!isObject(value)) return { what: `${key} is neither true, false nor an object` };
  const fault = tableFault(key, value, ["groups", "prefetch", "tables"]);
  if (fault !== undefined || value.tables === undefined) return fault;
  if (!isObject(value.tables)) return { what: `${key}.tables is not an object` };
  for (const [table, own] of Object.entries(value.tables)) {
    const place = `${key}.tables.${table}`;
    if (own === false) continue;
    if (!isObject(own)) return { what: `${place} is neither false nor an object` };
    const wrong = tableFault(place, own, ["groups", "prefetch"]);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

/** What is wrong with the settings of managers, of all or of one table. */
function tableFault(
  place: string,
  given: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Fault | undefined {
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    return {
      what: `it has an unknown key ${place}.${unknown}`,
      hint: `Keys: ${keys.map((key) => `${place}.${key}`).join(", ")}`,
    };
  }
  if (given.prefetch !== undefined) {
    const fault = flag(`${place}.prefetch`, given.prefetch);
    if (fault !== undefined) return fault;
  }
  if (given.groups === undefined) return undefined;
  const fault = list(`${place}.groups`, given.groups);
  if (fault !== undefined) return fault;
  const known: readonly string[] = MANAGER_GROUPS;
  const wrong = (given.groups as readonly string[]).find((group) => !known.includes(group));
  return wrong === undefined ? undefined : choiceFault(`${place}.groups`, wrong, known);
}

type Keys = Readonly<Record<string, Check>>;

const KEYS: Readonly<Record<keyof MatrxConfig, Check>> = {
  databases,
  models: texts,
  out: text,
  objects: text,
  migrations: text,
  generate: object,
  lint: object,
};

const GENERATE_KEYS: Readonly<Record<keyof GenerateConfig, Check>> = {
  schema: texts,
  includeTables: list,
  excludeTables: list,
  casing,
  explicit: flag,
  managers,
  importFrom: text,
};

const levels: Check = (key, value) => {
  if (!isObject(value)) return { what: `${key} is not an object` };
  const fault = levelFault(value);
  return fault === undefined ? undefined : { ...fault, what: `in ${key} ${fault.what}` };
};

const LINT_KEYS: Readonly<Record<keyof LintConfig, Check>> = { levels, ignore: list };

/** The objects of a config by the paths to their keys. */
const PLACES: ReadonlyMap<string, Keys> = new Map<string, Keys>([
  ["", KEYS],
  ["generate.", GENERATE_KEYS],
  ["lint.", LINT_KEYS],
]);

/**
 * Checks what a config file exports.
 *
 * @throws {ConfigurationError} it is no object, a key is unknown, or a value is not what its key takes
 */
export function checkConfig(file: string, exported: unknown): MatrxConfig {
  const hint = "Write export default defineConfig({ ... })";
  if (exported === undefined) throw wrong(file, "it has no default export", hint);
  if (!isObject(exported)) throw wrong(file, "its default export is no object", hint);
  checkKeys(file, "", exported);
  for (const place of ["generate", "lint"]) {
    const inner = exported[place];
    if (isObject(inner)) checkKeys(file, `${place}.`, inner);
  }
  return exported as MatrxConfig;
}

function checkKeys(file: string, place: string, object: Readonly<Record<string, unknown>>): void {
  const checks = PLACES.get(place)!;
  for (const [key, value] of Object.entries(object)) {
    if (!Object.hasOwn(checks, key)) {
      throw wrong(file, `it has an unknown key ${place}${key}`, hintFor(place, key));
    }
    const fault = value === undefined ? undefined : checks[key]!(place + key, value);
    if (fault !== undefined) throw wrong(file, fault.what, fault.hint);
  }
}

/** Where a key belongs, or the nearest one: in the same place first. */
function hintFor(place: string, key: string): string {
  const elsewhere = [...PLACES].filter(([other]) => other !== place);
  for (const [other, keys] of elsewhere) {
    if (Object.hasOwn(keys, key)) return `Its place is ${other}${key}`;
  }
  const own = Object.keys(PLACES.get(place)!);
  const near = nearest(key, own);
  if (near !== undefined) return `Did you mean ${place}${near}?`;
  for (const [other, keys] of elsewhere) {
    const there = nearest(key, Object.keys(keys));
    if (there !== undefined) return `Did you mean ${other}${there}?`;
  }
  return `Keys: ${own.map((one) => place + one).join(", ")}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(file: string, what: string, hint: string | undefined): ConfigurationError {
  return new ConfigurationError(`Cannot use the config file ${file}: ${what}`, {
    code: "invalid_config",
    hint,
    context: { file },
  });
}

import type { MatrxConfig } from "../generator/config.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import type { DatabaseConfig } from "../src/execute/database_config.ts";
import { nearest } from "../src/util/nearest.ts";
import type { Host } from "./host.ts";
import { UsageError } from "./errors.ts";

/** The variable that names a database where neither option nor config does. */
const VARIABLE = "DATABASE_URL";

/** The database that a command works on. */
export interface ChosenDatabase {
  /** Its settings. */
  readonly database: DatabaseConfig;
  /** Whether it is the one that models use which name none. */
  readonly isDefault: boolean;
}

/**
 * Chooses a command's database: what `--database` says, the config's first one, or `DATABASE_URL`.
 *
 * @throws {UsageError} nothing names one
 * @throws {ConfigurationError} the config has none of that name
 */
export function chooseDatabase(
  given: string | undefined,
  config: MatrxConfig,
  host: Host,
): ChosenDatabase {
  const { database, isDefault } = choose(given, config, host);
  return { database: withLogin(database, (name) => host.env(name)), isDefault };
}

function choose(given: string | undefined, config: MatrxConfig, host: Host): ChosenDatabase {
  if (given?.includes("://")) {
    return { database: { name: "main", url: given }, isDefault: true };
  }
  const configured = databasesOf(config);
  const [first] = configured;
  if (given === undefined) {
    if (first !== undefined) return { database: first, isDefault: true };
    const url = host.env(VARIABLE);
    if (url !== undefined && url !== "") {
      return { database: { name: "main", url }, isDefault: true };
    }
    throw new UsageError(
      "No database is named",
      `Give --database URL, set ${VARIABLE}, or list databases in matrx.config.ts`,
    );
  }
  const found = configured.find(({ name }) => name === given);
  if (found !== undefined) return { database: found, isDefault: found === first };
  throw unknownDatabase(given, configured.map(({ name }) => name));
}

/**
 * Fills in what a URL leaves open from the variables of libpq, as the driver would: user, password,
 * port and database. The process that connects may not see these variables.
 */
function withLogin(
  database: DatabaseConfig,
  env: (name: string) => string | undefined,
): DatabaseConfig {
  const { url } = database;
  const rest = typeof url === "string" ? /^postgres(?:ql)?:\/\/(.*)$/is.exec(url)?.[1] : undefined;
  if (url === undefined || rest === undefined) return database;
  // a user and no host, as in user@/db?host=/run/postgresql, is no URL elsewhere
  const text = `postgres://${rest.replace(/^([^/?#]*)@(?=[/?#]|$)/, "$1@localhost")}`;
  // what is wrong with it is said by what opens it
  if (!URL.canParse(text)) return database;
  const whole = new URL(text);
  if (whole.hostname === "") return database;
  const open = (part: string, parameter: string): boolean =>
    part === "" && !whole.searchParams.has(parameter);
  const filled: readonly (readonly [boolean, "username" | "password" | "port", ...string[]])[] = [
    [open(whole.username, "user"), "username", "PGUSER", "USER", "USERNAME"],
    [open(whole.password, "password"), "password", "PGPASSWORD"],
    [open(whole.port, "port"), "port", "PGPORT"],
  ];
  let isFilled = false;
  for (const [isOpen, part, ...names] of filled) {
    const value = isOpen ? names.map(env).find((found) => found !== undefined) : undefined;
    if (value === undefined || value === "") continue;
    whole[part] = encodeURIComponent(value);
    isFilled = true;
  }
  const name = env("PGDATABASE");
  if (open(whole.pathname.slice(1), "dbname") && name !== undefined && name !== "") {
    whole.pathname = `/${encodeURIComponent(name)}`;
    isFilled = true;
  }
  return isFilled ? { ...database, url: whole.href } : database;
}

function databasesOf({ databases }: MatrxConfig): DatabaseConfig[] {
  if (databases === undefined) return [];
  if (Array.isArray(databases)) return databases;
  return Object.entries(databases).map(([name, database]) =>
    typeof database === "object" && database !== null
      ? { ...database, name }
      // a variable that is not set arrives as undefined, and is refused with the key by name
      : { name, url: database }
  );
}

function unknownDatabase(given: string, known: readonly string[]): ConfigurationError {
  const guess = nearest(given, known);
  const list = known.length === 0
    ? "No config file lists databases; give a URL such as postgres://user@host:5432/database"
    : `The config has ${known.map((name) => JSON.stringify(name)).join(", ")}`;
  return new ConfigurationError(`Cannot find a database named ${JSON.stringify(given)}`, {
    code: "unknown_database",
    hint: `${guess === undefined ? "" : `Did you mean ${JSON.stringify(guess)}? `}${list}`,
    context: { database: given },
  });
}

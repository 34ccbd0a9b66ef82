import { ConfigurationError } from "../../errors/base.ts";
import type { Target } from "./link_errors.ts";

/**
 * Settings that the codecs rely on.
 *
 * In session mode they travel with the startup packet, which beats what the server, the database and the
 * role have set, and costs no round trip. A pooler in transaction mode refuses most startup parameters and
 * hands each transaction to another server connection, so there they are only checked.
 */
export const sessionSettings: readonly (readonly [string, string])[] = [
  ["datestyle", "ISO"],
  ["intervalstyle", "postgres"],
  ["bytea_output", "hex"],
  ["extra_float_digits", "1"],
  ["standard_conforming_strings", "on"],
];

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The statement that sets them on a connection that was opened without, and a limit in ms; 0 for none. */
export function setSettings(statementTimeoutMs: number): string {
  const settings = [...sessionSettings];
  if (statementTimeoutMs > 0) settings.push(["statement_timeout", String(statementTimeoutMs)]);
  const calls = settings.map(([key, value]) =>
    `pg_catalog.set_config(${literal(key)}, ${literal(value)}, false)`
  );
  return `select ${calls.join(", ")}`;
}

/** The statement that asks for them, where they cannot be set: behind a pooler in transaction mode. */
export function askSettings(): string {
  const calls = sessionSettings.map(([key]) => `pg_catalog.current_setting(${literal(key)})`);
  return `select ${calls.join(", ")}`;
}

/**
 * Checks what `askSettings` found.
 *
 * @throws {ConfigurationError} a setting differs; the hint says how to correct it for the role
 */
export function checkSettings(found: readonly (string | null)[], target: Target): void {
  sessionSettings.forEach(([key, wanted], i) => {
    const present = found[i] ?? "";
    if (fits(key, present, wanted)) return;
    throw new ConfigurationError(
      `Cannot use "${target.name}" (${target.place}): ${key} is "${present}"`,
      {
        code: "unsupported_setting",
        hint: `Run: alter role current_user set ${key} = ${literal(wanted)}`,
        context: { database: target.name, setting: key },
      },
    );
  });
}

function fits(key: string, value: string, wanted: string): boolean {
  // the order of day and month is for input alone
  if (key === "datestyle") return value.startsWith("ISO");
  if (key === "extra_float_digits") return Number(value) >= 1;
  return value.toLowerCase() === wanted;
}

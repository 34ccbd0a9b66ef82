import type { Target } from "../shared/link_errors.ts";
import { askSettings, checkSettings, setSettings } from "../shared/session_settings.ts";
import type { PgClient } from "./module.ts";

/** Sets what the codecs rely on, on a connection that was opened without it. */
export async function applyToClient(client: PgClient, statementTimeoutMs: number): Promise<void> {
  await client.query(setSettings(statementTimeoutMs));
}

/**
 * Checks what the codecs rely on where it cannot be set, behind a pooler in transaction mode.
 *
 * @throws {ConfigurationError} a setting differs; the hint says how to correct it for the role
 */
export async function checkClient(client: PgClient, target: Target): Promise<void> {
  const result = await client.query({
    text: askSettings(),
    rowMode: "array",
    types: { getTypeParser: () => (text) => text },
  });
  checkSettings(result.rows[0] ?? [], target);
}

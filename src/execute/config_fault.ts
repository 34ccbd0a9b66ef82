import { ConfigurationError } from "../errors/base.ts";

/** The error of a configuration that cannot be registered. */
export function configFault(
  name: string,
  code: string,
  wrong: string,
  hint?: string,
): ConfigurationError {
  const what = name === "" ? "the database" : `database "${name}"`;
  return new ConfigurationError(`Cannot register ${what}: ${wrong}`, {
    code,
    hint,
    context: name === "" ? {} : { database: name },
  });
}

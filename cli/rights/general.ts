/** The rights of a command before anything is known of the machine and the project: for its help. */
import type { MatrxConfig } from "../../generator/config.ts";
import type { Command } from "../command.ts";
import type { OptionValues } from "../options.ts";
import { type Rights, rightsOf } from "./rights.ts";
import { seenFrom } from "./flags.ts";

const NO_VALUES: OptionValues = {
  flag: () => false,
  text: () => undefined,
  list: () => undefined,
  some: () => false,
};

/** Tells the rights of a call without options in a folder whose names are the usual ones. */
export function generalRights(
  command: Command,
  config: Pick<MatrxConfig, "out" | "migrations"> = {},
): Rights {
  const rights = rightsOf({
    command,
    values: NO_VALUES,
    cwd: "/",
    loaded: { config, folder: "/", file: undefined },
    configFiles: ["/matrx.config.ts"],
    databases: command.permissions.net.length === 0 ? [] : [{ host: "HOST" }],
    machine: {
      packages: {
        formatter: ["/node_modules"],
        embedded: ["/node_modules"],
        parser: ["/node_modules"],
      },
      cache: undefined,
      passfile: undefined,
      importHosts: [],
      own: [],
      missing: (path) => path,
    },
  });
  return seenFrom("/", rights);
}

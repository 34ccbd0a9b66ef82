/** Rights in the words of Deno: flags of the command, and a set for deno.json. */
import { isAbsolute, relative } from "node:path";
import type { Rights } from "./rights.ts";

/** The kinds of rights, in the order in which they are written. */
const KINDS = ["net", "read", "write", "import", "env"] as const;

/** The flags of `deno run` that grant these rights and no other. */
export function flagsOf(rights: Rights): string[] {
  return [
    "--no-prompt",
    ...KINDS.flatMap((kind) =>
      rights[kind].length === 0 ? [] : [`--allow-${kind}=${rights[kind].map(listed).join(",")}`]
    ),
    // a variable that is not named looks as if it were not set, in place of an error
    "--ignore-env",
  ];
}

/** In a list a comma stands twice where it is part of a name. */
function listed(name: string): string {
  return name.replaceAll(",", ",,");
}

/** A set of `permissions` in deno.json: the rights that `-P=<name>` grants. */
export type PermissionSet = Readonly<
  Partial<Record<"net" | "read" | "write" | "import", readonly string[]>> & {
    env: { readonly allow?: readonly string[]; readonly ignore: true };
  }
>;

/** These rights as a set for deno.json. */
export function permissionSet(rights: Rights): PermissionSet {
  const granted = KINDS.filter((kind) => kind !== "env" && rights[kind].length > 0)
    .map((kind) => [kind, rights[kind]]);
  const env = rights.env.length === 0
    ? { ignore: true as const }
    : { allow: rights.env, ignore: true as const };
  return { ...Object.fromEntries(granted), env };
}

/** The same rights with paths inside of a folder written from there. */
export function seenFrom(folder: string, rights: Rights): Rights {
  const shown = (path: string): string => {
    const short = relative(folder, path);
    if (short === "") return ".";
    return short.startsWith("..") || isAbsolute(short) ? path : short;
  };
  return { ...rights, read: rights.read.map(shown), write: rights.write.map(shown) };
}

/** A line that can be typed into a shell. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) =>
    /^[\w@%+=:,./[\]*-]*$/.test(word) && !/[*[]/.test(word)
      ? word
      : `'${word.replaceAll("'", `'\\''`)}'`
  ).join(" ");
}

/** Which rights this process of Deno holds beyond what any command needs. */

/** The kinds of rights of Deno. */
const KINDS = ["run", "ffi", "sys", "net", "read", "write", "env"] as const;

/** A kind of right. */
export type Kind = typeof KINDS[number];

/** The kinds that are held whole: no command needs one of them so. */
export function wholeKinds(): Kind[] {
  return KINDS.filter((name) => {
    if (Deno.permissions.querySync({ name }).state === "granted") return true;
    // all of the files is as good as whole
    return (name === "read" || name === "write") &&
      Deno.permissions.querySync({ name, path: "/" }).state === "granted";
  });
}

/** Whether this process may start Deno. */
export function maySpawn(): boolean {
  if (Deno.build.standalone) return false;
  return Deno.permissions.querySync({ name: "run", command: Deno.execPath() }).state === "granted";
}

/** Gives kinds of rights back, for as long as the process lives. */
export function giveBack(kinds: readonly Kind[]): void {
  for (const name of kinds) Deno.permissions.revokeSync({ name });
}

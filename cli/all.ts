/**
 * Names every module that is loaded by an address, so that what packs or compiles the package finds
 * them; `tools/check_graph.ts` holds it to that. Calling a function is all that loads.
 */
export const ALL: readonly (() => Promise<unknown>)[] = [
  () => import("./diagram.ts"),
  () => import("./doctor.ts"),
  () => import("./generate.ts"),
  () => import("./init.ts"),
  () => import("./main.ts"),
  () => import("./migrations/check.ts"),
  () => import("./migrations/empty.ts"),
  () => import("./migrations/lint.ts"),
  () => import("./migrations/make.ts"),
  () => import("./migrations/rebuild.ts"),
  () => import("./migrations/run.ts"),
  () => import("./permissions.ts"),
  () => import("./rights/inner.ts"),
  () => import("./rights/outer.ts"),
];

/** What a run would take away, and when it refuses to. */
import { ConfigurationError } from "../src/errors/base.ts";
import type { Context } from "./emit/context.ts";
import type { Manifest, Scope } from "./manifest.ts";
import { fileName } from "./name/files.ts";
import { managerClasses } from "./name/names.ts";
import type { PreviousModel } from "./name/previous.ts";
import type { QualifiedName } from "./options.ts";
import type { ExistingOutput, Orphan } from "./plan.ts";
import { keyOf } from "./sources/source.ts";

/** Which part of the database a run reads, and what of it gets no model. */
export interface ReadScope extends Scope {
  /** The tables and views that are there and that the filters leave out. */
  readonly hidden: readonly QualifiedName[];
}

/** A model of the last run whose generated file is not wanted any more. */
export interface Loss {
  readonly model: PreviousModel;
  /** The generated file by its path inside the output folder. */
  readonly path: string;
  /** `dropped`: its table is gone. The others: it is there, or nobody looked. */
  readonly why: "dropped" | "schema" | "filter" | "right";
}

/**
 * Says why generated files are not wanted any more, by their paths: those of models, and those of their
 * managers, which may be left out though the tables are there.
 */
export function reasonsFor(
  losses: readonly Loss[],
  before: Manifest,
  context: Context,
): Map<string, Orphan["why"]> {
  const reasons = new Map<string, Orphan["why"]>();
  const lost = new Map(losses.map((loss) => [loss.model, loss]));
  const isModel = new Set(before.models.map(({ file }) => `generated/${file}.ts`));
  if (context.names.managers.size === 0) reasons.set("generated/managers.ts", "unwanted");
  for (const model of before.models) {
    const loss = lost.get(model);
    const why = loss === undefined
      ? "unwanted"
      : loss.why === "dropped"
      ? "dropped"
      : "out_of_scope";
    if (loss !== undefined) reasons.set(loss.path, why);
    for (const manager of managerClasses(model.className)) {
      const path = `generated/${fileName(manager)}.ts`;
      if (before.files.has(path) && !isModel.has(path)) reasons.set(path, why);
    }
  }
  return reasons;
}

/** The generated files that belong to no table. */
const SHARED: ReadonlySet<string> = new Set(
  ["mod", "enums", "types", "managers"].map((name) => `generated/${name}.ts`),
);

/** How many tables a message lists. */
const MOST_LISTED = 8;

/** Lists the models that the last run had and this one has not. */
export function lossesOf(
  before: Manifest,
  existing: ExistingOutput,
  context: Context,
  scope: ReadScope | undefined,
): Loss[] {
  const wanted = new Set(
    Array.from(context.names.models.values(), ({ file }) => `generated/${file}.ts`),
  );
  const hidden = new Set(scope?.hidden.map(keyOf));
  const unreadable = new Set(context.settings.leaveOut.map(keyOf));
  const whyOf = (model: PreviousModel): Loss["why"] => {
    if (hidden.has(keyOf(model))) return "filter";
    if (unreadable.has(keyOf(model))) return "right";
    return scope === undefined || scope.schemas.includes(model.schema) ? "dropped" : "schema";
  };
  return before.models
    .map((model) => ({ model, path: `generated/${model.file}.ts`, why: whyOf(model) }))
    .filter(({ path }) => !wanted.has(path) && existing.files.has(path));
}

/**
 * Refuses a run that would take away models whose tables may well be there.
 *
 * @throws {ConfigurationError} nothing was found, nothing of the last run was found, or this run
 * reads less than the last one
 */
export function refuseLosses(
  losses: readonly Loss[],
  before: Manifest,
  existing: ExistingOutput,
  context: Context,
): void {
  const present = [...before.files.keys()]
    .filter((path) => !SHARED.has(path) && existing.files.has(path));
  if (context.sources.length === 0 && present.length > 0) {
    throw new ConfigurationError(
      `Cannot generate: there is no table or view to make code of, and ${
        present.length === 1 ? "1 generated model" : `${present.length} generated models`
      } would be removed`,
      {
        code: "nothing_to_generate",
        hint: `Check the database and the schemas, or run with --force to remove them${
          scopeText(before)
        }`,
        context: { files: present.length },
      },
    );
  }
  const narrowed = losses.filter(({ why }) => why !== "dropped");
  if (narrowed.length > 0) throw narrower(narrowed, before);
  const there = new Set(context.sources.map(({ object }) => keyOf(object)));
  if (before.models.length > 1 && before.models.every((model) => !there.has(keyOf(model)))) {
    throw new ConfigurationError(
      `Cannot generate: none of the ${before.models.length} tables of the last run is there`,
      {
        code: "other_database",
        hint: "Check that this is the right database, or run with --force to replace the models",
      },
    );
  }
}

const REASONS: Readonly<Record<Exclude<Loss["why"], "dropped">, string>> = {
  schema: "its schema is not read",
  filter: "it is filtered out",
  right: "this role may not read it",
};

function narrower(losses: readonly Loss[], before: Manifest): ConfigurationError {
  const told = losses.slice(0, MOST_LISTED).map(({ model, why }) => {
    const name = `${model.schema}.${model.name}`;
    return `${quoted(name)} (${why === "dropped" ? "" : REASONS[why]})`;
  });
  const more = losses.length - told.length;
  const list = more === 0 ? told.join(", ") : `${told.join(", ")} and ${more} more`;
  return new ConfigurationError(
    `Cannot generate: this run leaves out what the last one had, and would remove the models of ${list}`,
    {
      code: "narrower_scope",
      hint: `Read as much as the last run, or run with --force to remove them${scopeText(before)}`,
      context: { files: losses.map(({ path }) => path).join(", ") },
    },
  );
}

function scopeText({ scope }: Manifest): string {
  if (scope === null) return "";
  const filter = scope.include ?? scope.exclude;
  const filtered = filter === null
    ? ""
    : ` with ${scope.include === null ? "all but" : "only"} ${filter.map(quoted).join(", ")}`;
  return `; the last run read ${scope.schemas.map(quoted).join(", ")}${filtered}`;
}

/** A name that is safe to print on a terminal. */
function quoted(name: string): string {
  // deno-lint-ignore no-control-regex -- that is what they are looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(name) ? JSON.stringify(name) : name;
}

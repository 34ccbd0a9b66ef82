/** What the commands of migrations tell a person. */
import { type MigrationEvent, secondsText, sessionText } from "../../migrations/apply/events.ts";
import type { MigrationPreview } from "../../migrations/apply/preview.ts";
import { dedentedSql } from "./sql_text.ts";
import type { MadeStep, MakeMigrationsResult } from "../../migrations/make/options.ts";
import type { MigrationStatus, StatusResult } from "../../migrations/apply/status.ts";

type Lines = {
  readonly [Kind in MigrationEvent["kind"]]: (
    event: Extract<MigrationEvent, { readonly kind: Kind }>,
  ) => string;
};

const LINES: Lines = {
  waiting: ({ holder, waitedMs }) =>
    `Waiting for another run of migrations${holder === null ? "" : `: ${sessionText(holder)}`} (${
      secondsText(waitedMs / 1000)
    })`,
  start: ({ migration, direction, index, total }) =>
    `${direction === "up" ? "Applying" : "Rolling back"} ${migration} (${index + 1} of ${total})`,
  resumed: ({ migration, steps }) =>
    `Going on with ${migration} behind its first ${steps === 1 ? "step" : `${steps} steps`}`,
  repaired: ({ index }) => `Dropping the index ${index}, whose build did not end`,
  retry: ({ migration, attempt, delayMs }) =>
    `${migration} did not get a lock in time; trying again in ${
      secondsText(delayMs / 1000)
    } (${attempt})`,
  blocked: ({ migration, by, seconds }) =>
    `${migration} has waited ${secondsText(seconds)} for ${by.map(sessionText).join(" and ")}`,
  working: ({ migration, seconds, phase, done, total }) =>
    `${migration} has been at work for ${secondsText(seconds)}${
      phase === null ? "" : `: ${phase}${total > 0 ? ` ${Math.floor(100 * done / total)} %` : ""}`
    }`,
  done: ({ migration, durationMs }) => `${migration}: ${secondsText(durationMs / 1000)}`,
};

/** Says in a line what happens. */
export function eventLine(event: MigrationEvent): string {
  return (LINES[event.kind] as (event: MigrationEvent) => string)(event);
}

/** What status lists. */
export function statusLines({ migrations, pending, invalidIndexes }: StatusResult): string[] {
  const width = Math.max(0, ...migrations.map(({ name }) => name.length)) + 2;
  return [
    ...migrations.map((one) => `${one.name.padEnd(width)}${stateText(one)}`),
    migrations.length === 0
      ? "There are no migrations"
      : pending === 0
      ? "Nothing is pending"
      : `${pending} pending`,
    ...invalidIndexes.map((name) => `The index ${name} is not valid: a build of it did not end`),
  ];
}

function stateText({ state, appliedAt, durationMs, steps }: MigrationStatus): string {
  if (state === "running") return `half applied: ${steps} steps are done`;
  if (state === "reverting") return `half rolled back: ${steps} steps are done`;
  const when = appliedAt === null ? "" : ` ${appliedAt.slice(0, 19)}`;
  const took = durationMs === null ? "" : ` in ${secondsText(durationMs / 1000)}`;
  return `${state}${when}${took}`;
}

/** How a dry run is shown. */
export interface PreviewStyle {
  /** What is said of a statement, by the places of its migration and its own; a line each. */
  readonly notesOf: (migration: number, statement: number) => readonly string[];
  /** Gives SQL its colours, or leaves it. */
  readonly paint: (sql: string) => string;
}

/** What a dry run lists: each migration as SQL that could be run. */
export function previewLines(
  previews: readonly MigrationPreview[],
  { notesOf, paint }: PreviewStyle,
): string[] {
  return previews.flatMap(({ name, direction, transaction, statements, stopped }, at) =>
    [
      `-- ${name}${direction === "down" ? ", rolled back" : ""}${
        transaction ? "" : ", each statement by itself"
      }`,
      ...(transaction ? ["BEGIN;"] : []),
      ...statements.flatMap((text, place) => [
        ...notesOf(at, place).map((note) => `-- ${note}`),
        `${dedentedSql(text)};`,
      ]),
      ...(stopped === null
        ? []
        : [`-- and more, which is not known before it runs: ${stopped.split("\n", 1)[0]}`]),
      ...(transaction ? ["COMMIT;"] : []),
      "",
    ].map(paint)
  );
}

/** The SQL of a migration that was made, with what each statement does. */
export function madeLines({ name, transaction, up, down }: MakeMigrationsResult): string[] {
  const whole = (steps: readonly MadeStep[]): string[] => {
    const lines = steps.flatMap(({ sql, notes }) => [
      ...notes.map((note) => `-- ${note}`),
      `${sql};`,
    ]);
    return transaction ? ["BEGIN;", ...lines, "COMMIT;"] : lines;
  };
  const each = transaction ? "" : ", each statement by itself";
  return [`-- ${name}${each}`, ...whole(up), "", "-- taken back by", ...whole(down), ""];
}

/** How many names a line tells. */
const MOST_LISTED = 8;

/** Names in a line, the first ones of many. */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  const told = names.slice(0, MOST_LISTED).join(", ");
  return more <= 0 ? told : `${told} and ${more} more`;
}

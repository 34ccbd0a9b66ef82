import type { NamedType, TypeTable } from "../sources/named_types.ts";
import { compareNames, keyOf, type Source } from "../sources/source.ts";
import { managerSettings, type QualifiedName, type Settings } from "../options.ts";
import { Claims } from "./claims.ts";
import { fileName, isFileName } from "./files.ts";
import { pascalCase, variableName } from "./identifier.ts";
import { LIBRARY_NAMES, RESERVED_CLASSES } from "./library.ts";
import { isIdentifier, NO_NAMES, type PreviousModel, type PreviousNames } from "./previous.ts";
import { type Properties, propertiesOf } from "./properties.ts";
import { singular } from "./words.ts";

/** The names of a table's or view's model. */
export interface ModelNames {
  /** The user's class: `Order`. The generated one is `OrderBase`. */
  readonly className: string;
  /** The file without folder and extension: `order`. */
  readonly file: string;
  readonly properties: Properties;
}

/** The names of a model's view and manager. */
export interface ManagerNames {
  /** The user's view: `OrderView`. */
  readonly view: string;
  /** The user's manager: `OrderManager`. The generated one is `OrderManagerBase`. */
  readonly manager: string;
  /** The files without folder and extension. */
  readonly viewFile: string;
  readonly managerFile: string;
}

/** The names of what stands for a type. */
export interface TypeNames {
  /** The type in TypeScript: `OrderStatus`. */
  readonly typeName: string;
  /** The function that makes a column of it: `orderStatus`. */
  readonly factory: string;
}

/** Every name of the output. */
export interface Names {
  /** By the table's key. */
  readonly models: ReadonlyMap<string, ModelNames>;
  /** Those of views and managers by the table's key, where there are any. */
  readonly managers: ReadonlyMap<string, ManagerNames>;
  /** The users' classes of all models, views and managers. */
  readonly classes: ReadonlySet<string>;
  /** By the type's key. */
  readonly types: ReadonlyMap<string, TypeNames>;
}

/** The names that a class brings along. */
const companions = (className: string): string[] => [
  `${className}Base`,
  `${className}Shape`,
  `${className}Table`,
];

/**
 * Names every class, file, property and type, the same each time whatever the catalog's order.
 *
 * A table that had a class and a file keeps them, so that a new table never takes the place of
 * another one below the user's class. Of the others, tables of `public` have the first claim, others get their schema as a prefix when they clash;
 * within one schema the table whose own name is the singular wins (`user` before `users`).
 */
export function namesOf(
  types: TypeTable,
  sources: readonly Source[],
  settings: Settings,
  previous: PreviousNames = NO_NAMES,
): Names {
  const claims = new Claims((name) => name.toLowerCase());
  const files = new Claims();
  const models = new Map<string, ModelNames>();
  const kept = new Map<Source, PreviousModel>();
  const ordered = inClaimOrder(sources);
  for (const source of ordered) {
    const had = previous.models.get(keyOf(source.object));
    if (had === undefined || !isUsable(had)) continue;
    const all = [had.className, ...companions(had.className)];
    if (!all.every((name) => claims.isFree(name)) || !files.isFree(had.file)) continue;
    for (const name of all) claims.take(name);
    files.take(had.file);
    kept.set(source, had);
  }
  const managers = new Map<string, ManagerNames>();
  const nameManager = (source: Source, className: string): void => {
    if (managerSettings(settings, source.object) === null) return;
    managers.set(keyOf(source.object), managerNames(className, claims, files));
  };
  // before new models: these give way to what is there
  for (const source of ordered) {
    const had = kept.get(source);
    if (had !== undefined) nameManager(source, had.className);
  }
  for (const source of ordered) {
    const { object } = source;
    const had = kept.get(source);
    const className = had?.className ?? claims.claim(classCandidates(object), companions);
    models.set(keyOf(object), {
      className,
      file: had?.file ?? files.claim([fileName(className)]),
      properties: propertiesOf(source.columns.map((column) => column.name), settings.casing),
    });
  }
  for (const source of ordered) {
    const key = keyOf(source.object);
    if (!kept.has(source)) nameManager(source, models.get(key)!.className);
  }
  const classes = new Set([
    ...Array.from(models.values(), ({ className }) => className),
    ...Array.from(managers.values()).flatMap(({ view, manager }) => [view, manager]),
  ]);
  return { models, managers, classes, types: typeNames(types, claims) };
}

/** The names that a manager brings along. */
const managerCompanions = (manager: string): string[] => [
  `${manager}Base`,
  ...MANAGER_TYPES.map((name) => `${manager}${name}`),
];

/** What the types of a manager's file are called, after the manager. */
export const MANAGER_TYPES: readonly string[] = ["Item", "Key", "List", "Shape", "Source"];

/** What the manager of a model may be called; the second name is for a model that has the first. */
export function managerClasses(className: string): string[] {
  return [`${className}Manager`, `${className}RowManager`];
}

function managerNames(className: string, claims: Claims, files: Claims): ManagerNames {
  const view = claims.claim(
    [`${className}View`, `${className}RowView`],
    (name) => [`${name}Source`],
  );
  const manager = claims.claim(managerClasses(className), managerCompanions);
  const viewFile = files.claim([fileName(view)]);
  return { view, manager, viewFile, managerFile: files.claim([fileName(manager)]) };
}

/** Whether names of the last run may still be used: this version may reserve more. */
function isUsable({ className, file }: PreviousModel): boolean {
  return isIdentifier(className) && !RESERVED_CLASSES.has(className) && isFileName(file);
}

function inClaimOrder(sources: readonly Source[]): Source[] {
  const isSingular = new Set(sources.filter(({ object }) => singular(object.name) === object.name));
  return sources.toSorted((a, b) =>
    Number(b.object.schema === "public") - Number(a.object.schema === "public") ||
    Number(isSingular.has(b)) - Number(isSingular.has(a)) ||
    compareNames(a.object, b.object)
  );
}

function classCandidates(name: QualifiedName): string[] {
  const one = safeClass(pascalCase(singular(name.name)));
  const whole = safeClass(pascalCase(name.name));
  const schema = pascalCase(name.schema);
  return name.schema === "public" ? [one, whole] : [one, schema + one, schema + whole];
}

/** A class may not stand in front of something that every file uses. */
function safeClass(name: string): string {
  return RESERVED_CLASSES.has(name) ? `${name}Model` : name;
}

function typeNames(types: TypeTable, claims: Claims): Map<string, TypeNames> {
  const named = new Map<string, TypeNames>();
  for (const [key, type] of types.named) {
    const own = pascalCase(type.name);
    const schema = pascalCase(type.schema);
    const kind = KIND_SUFFIX[type.kind];
    const candidates = [own, `${own}${kind}`, `${schema}${own}`, `${schema}${own}${kind}`]
      .filter((name) => !RESERVED_CLASSES.has(name) && !LIBRARY_NAMES.has(variableName(name)));
    const typeName = claims.claim(candidates, typeCompanions);
    named.set(key, { typeName, factory: variableName(typeName) });
  }
  return named;
}

const KIND_SUFFIX: Readonly<Record<NamedType["kind"], string>> = {
  enum: "Enum",
  domain: "Domain",
  composite: "Type",
  range: "Range",
};

const typeCompanions = (typeName: string): string[] => [
  `${typeName}Labels`,
  `${typeName}Input`,
  `${typeName}Multirange`,
];

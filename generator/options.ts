/** How columns become properties: `camel` derives them, `preserve` keeps the database's own names. */
export type Casing = "camel" | "preserve";

/** Methods of a generated manager that belong together. */
export type ManagerGroup = "core" | "relations" | "dict";

/** Every group of methods. */
export const MANAGER_GROUPS: readonly ManagerGroup[] = ["core", "relations", "dict"];

/** What the view and the manager of a table have. */
export interface ManagerTableOptions {
  /** The groups of methods; default: all. */
  readonly groups?: readonly ManagerGroup[] | undefined;
  /** Whether the view lists every relation in its `prefetch`; default true. */
  readonly prefetch?: boolean | undefined;
}

/** Which views and managers are generated. */
export interface ManagerOptions extends ManagerTableOptions {
  /** What differs for a table, by `name` or `schema.name`; false for none at all. */
  readonly tables?: Readonly<Record<string, ManagerTableOptions | false>> | undefined;
}

/** A table, view or type by its schema and name. */
export interface QualifiedName {
  /** The schema. */
  readonly schema: string;
  /** The name in it. */
  readonly name: string;
}

/** How models are generated. */
export interface GenerateOptions {
  /** The specifier that generated files import the library by; default `@matrx/orm`. */
  readonly importFrom?: string | undefined;
  /** How columns become properties; default `camel`. */
  readonly casing?: Casing | undefined;
  /** Whether every export has its type written out, as a published package needs; default false. */
  readonly explicit?: boolean | undefined;
  /**
   * Whether each model gets a view and a manager, and which methods these have; default false, though
   * `generate()` asks for them.
   */
  readonly managers?: boolean | ManagerOptions | undefined;
  /** The registered database that the models name; default: none, the first one registered. */
  readonly database?: string | undefined;
  /** Tables and views that get no model, such as those that the role may not read. */
  readonly leaveOut?: readonly QualifiedName[] | undefined;
}

/** Options with every default filled in. */
export interface Settings {
  readonly importFrom: string;
  readonly casing: Casing;
  readonly explicit: boolean;
  /** Null = no views and managers. */
  readonly managers: ManagerOptions | null;
  readonly database: string | null;
  readonly leaveOut: readonly QualifiedName[];
}

/** Fills in the defaults. */
export function settingsOf(options: GenerateOptions): Settings {
  return {
    importFrom: options.importFrom ?? "@matrx/orm",
    casing: options.casing ?? "camel",
    explicit: options.explicit ?? false,
    managers: options.managers === true ? {} : options.managers || null,
    database: options.database ?? null,
    leaveOut: options.leaveOut ?? [],
  };
}

/** What the view and manager of a table have; null = it has none. */
export function managerSettings(
  { managers }: Settings,
  { schema, name }: QualifiedName,
): Required<{ [Key in keyof ManagerTableOptions]: NonNullable<ManagerTableOptions[Key]> }> | null {
  if (managers === null) return null;
  const tables = managers.tables ?? {};
  const own = tables[`${schema}.${name}`] ?? tables[name] ?? {};
  if (own === false) return null;
  return {
    groups: own.groups ?? managers.groups ?? MANAGER_GROUPS,
    prefetch: own.prefetch ?? managers.prefetch ?? true,
  };
}

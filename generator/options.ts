/** How columns become properties: `camel` derives them, `preserve` keeps the database's own names. */
export type Casing = "camel" | "preserve";

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
  readonly database: string | null;
  readonly leaveOut: readonly QualifiedName[];
}

/** Fills in the defaults. */
export function settingsOf(options: GenerateOptions): Settings {
  return {
    importFrom: options.importFrom ?? "@matrx/orm",
    casing: options.casing ?? "camel",
    explicit: options.explicit ?? false,
    database: options.database ?? null,
    leaveOut: options.leaveOut ?? [],
  };
}

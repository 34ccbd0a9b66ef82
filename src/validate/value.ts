/** What is wrong with a value of a column. */
import type { RangeInput } from "../codec/range.ts";
import { type Issue, ValidationError } from "../errors/base.ts";
import type { FieldSpec } from "../schema/spec.ts";
import { askSchema, issuesOf } from "../schema/standard.ts";
import { limitOf } from "./limits.ts";
import { rangeFault } from "./order.ts";

type Path = readonly PropertyKey[];

/** Lists what is wrong with a value that is not NULL; `spec` has a type of its own. */
export function valueIssues(spec: FieldSpec, value: unknown, path: Path): Issue[] {
  const parts = partIssues(spec, value, path);
  if (parts.length > 0) return parts;
  const encoded = encode(spec, value);
  if (encoded instanceof ValidationError) return [issue(path, encoded.message)];
  const fault = limitFault(spec, encoded);
  if (fault !== undefined) return [issue(path, `${spec.codec!.name}: ${fault}`)];
  if (spec.schema === undefined) return [];
  const answer = askSchema(spec.schema, value);
  if (answer.issues === undefined) return [];
  return issuesOf(answer.issues).map((one) => ({ ...one, path: [...path, ...one.path] }));
}

function issue(path: Path, message: string): Issue {
  return { path, message };
}

function encode(spec: FieldSpec, value: unknown): string | ValidationError {
  try {
    return spec.codec!.encode(value);
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
}

function limitFault(spec: FieldSpec, text: string): string | undefined {
  const type = spec.parts?.kind === "domain" ? null : spec.type;
  const hasParts = spec.parts !== undefined || spec.labels !== undefined;
  if (type === null || hasParts || type.dimensions > 0) return undefined;
  return limitOf(type)?.(text, type.modifiers);
}

/** What is wrong with what a value is made of: each by its own type. */
function partIssues({ parts }: FieldSpec, value: unknown, path: Path): Issue[] {
  return parts === undefined ? [] : partReaders[parts.kind](parts as never, value, path);
}

type Parts = NonNullable<FieldSpec["parts"]>;

const partReaders: {
  readonly [Kind in Parts["kind"]]: (
    parts: Extract<Parts, { readonly kind: Kind }>,
    value: unknown,
    path: Path,
  ) => Issue[];
} = {
  domain: ({ base }, value, path) => valueIssues(base, value, path),
  array({ item }, value, path) {
    if (!Array.isArray(value)) return [];
    return value.flatMap((one: unknown, place) => itemIssues(item, one, [...path, place]));
  },
  composite({ attributes }, value, path) {
    if (typeof value !== "object" || value === null) return [];
    return attributes.flatMap(([name, spec]) => {
      const one: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
      return one === undefined || one === null ? [] : valueIssues(spec, one, [...path, name]);
    });
  },
  range: ({ bound }, value, path) => rangeIssues(bound, value, path),
  multirange({ bound }, value, path) {
    if (!Array.isArray(value)) return [];
    return value.flatMap((one, place) => rangeIssues(bound, one, [...path, place]));
  },
};

function itemIssues(item: FieldSpec, value: unknown, path: Path): Issue[] {
  if (value !== null) return valueIssues(item, value, path);
  return item.nullable ? [] : [issue(path, "it is null, but the items of the array may not be")];
}

function rangeIssues(bound: FieldSpec, range: unknown, path: Path): Issue[] {
  // what is no range is refused as a whole
  if (typeof range !== "object" || range === null || Array.isArray(range)) return [];
  const { lower, upper, empty }: RangeInput<unknown> = range;
  if (empty === true) return [];
  const issues = [["lower", lower] as const, ["upper", upper] as const].flatMap(([name, value]) =>
    value === undefined || value === null ? [] : valueIssues(bound, value, [...path, name])
  );
  if (issues.length > 0) return issues;
  const text = (value: unknown): string | null =>
    value === undefined || value === null ? null : bound.codec!.encode(value);
  const fault = rangeFault(range, text(lower), text(upper), baseOf(bound).type!);
  return fault === undefined ? [] : [issue(path, fault)];
}

function baseOf(spec: FieldSpec): FieldSpec {
  return spec.parts?.kind === "domain" ? baseOf(spec.parts.base) : spec;
}

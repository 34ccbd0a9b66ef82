import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type { Names, TypeNames } from "../name/names.ts";
import { type Builtin, BUILTINS, EXTENSION_TYPES } from "./builtin.ts";
import type { Imports } from "./imports.ts";
import { objectLiteral, stringList, stringLiteral } from "./literal.ts";
import { type NamedType, typeKey, type TypeTable } from "../sources/named_types.ts";
import { keyOf } from "../sources/source.ts";

/** What a column of a type is to the type checker. */
export interface TypeText {
  /** Which lookups it has: `text`, `number`, … */
  readonly kind: string;
  /** The type of a value that is read. */
  readonly read: string;
  /** The type of a value that may be written. */
  readonly write: string;
}

/** Where named types are declared, seen from the file being written; null = in that file. */
export interface TypeFiles {
  readonly enums: string | null;
  readonly types: string | null;
}

/** What a type turned out to be. */
type Resolved =
  | { readonly is: "named"; readonly type: NamedType; readonly names: TypeNames }
  | { readonly is: "multirange"; readonly type: NamedType; readonly names: TypeNames }
  | { readonly is: "builtin"; readonly builtin: Builtin }
  | { readonly is: "custom" };

/** Writes column types for one file; what it writes, it imports. */
export class TypeWriter {
  readonly #table: TypeTable;
  readonly #names: Names;
  readonly #imports: Imports;
  readonly #files: TypeFiles;

  /** Prepares writing into a file with these imports. */
  constructor(table: TypeTable, names: Names, imports: Imports, files: TypeFiles) {
    this.#table = table;
    this.#names = names;
    this.#imports = imports;
    this.#files = files;
  }

  /** Writes the call that makes a column of a type: `array(varchar(20))`. */
  expression(type: TypeRef): string {
    let text = this.#call(type);
    for (let depth = 0; depth < type.dimensions; depth++) {
      text = `${this.#imports.value("array")}(${text})`;
    }
    return text;
  }

  /** Writes the types in TypeScript of a column of a type. */
  types(type: TypeRef): TypeText {
    let text = this.#types(type);
    for (let depth = 0; depth < type.dimensions; depth++) {
      text = {
        kind: "array",
        read: `${parenthesized(text.read)}[]`,
        write: `readonly ${parenthesized(text.write)}[]`,
      };
    }
    return text;
  }

  /** Whether a type is known: built in, of a known extension, or declared in the output. */
  isKnown(type: TypeRef): boolean {
    return this.#resolve(type).is !== "custom" || type.schema === "pg_catalog";
  }

  /** Whether a type brings a default along, as a domain may. */
  hasDefault(type: TypeRef): boolean {
    const named = this.#table.named.get(typeKey(type));
    return type.dimensions === 0 && named?.kind === "domain" && named.default !== null;
  }

  /** Whether a type itself forbids NULL, as a domain may. */
  isNotNull(type: TypeRef): boolean {
    if (type.dimensions > 0) return false;
    const named = this.#table.named.get(typeKey(type));
    return named?.kind === "domain" && (named.notNull || this.isNotNull(named.base));
  }

  #resolve(type: TypeRef): Resolved {
    const key = typeKey(type);
    const named = this.#table.named.get(key);
    if (named !== undefined) {
      return { is: "named", type: named, names: this.#names.types.get(key)! };
    }
    const range = this.#table.ranges.get(key);
    if (range !== undefined) {
      return { is: "multirange", type: range, names: this.#names.types.get(keyOf(range))! };
    }
    const builtin = this.#builtin(type);
    return builtin === undefined ? { is: "custom" } : { is: "builtin", builtin };
  }

  #builtin(type: TypeRef): Builtin | undefined {
    if (type.schema === "pg_catalog") {
      // a bit string of no length is not bit(1), which is what the factory would make of it
      const isBare = type.name === "bit" && type.modifiers.length === 0;
      return isBare ? undefined : BUILTINS.get(type.name);
    }
    const found = EXTENSION_TYPES.get(type.name);
    if (found === undefined) return undefined;
    const schema = this.#table.extensions.get(found.extension);
    return type.schema === null || schema === type.schema ? found : undefined;
  }

  #call(type: TypeRef): string {
    const found = this.#resolve(type);
    switch (found.is) {
      case "named":
        return `${this.#declared(found.type, found.names.factory)}()`;
      case "multirange":
        return `${this.#declared(found.type, multirangeFactory(found.names))}()`;
      case "builtin": {
        const { factory } = found.builtin;
        const isUnlimited = factory === "char" && type.modifiers.length === 0;
        const args = (isUnlimited ? ["null"] : type.modifiers).map(argument);
        return `${this.#imports.value(factory)}(${args.join(", ")})`;
      }
      case "custom":
        return this.#custom(type);
    }
  }

  #declared(type: NamedType, name: string): string {
    const file = type.kind === "enum" ? this.#files.enums : this.#files.types;
    return file === null ? name : this.#imports.from(file, name, "value");
  }

  #declaredType(type: NamedType, name: string): string {
    const file = type.kind === "enum" ? this.#files.enums : this.#files.types;
    return file === null ? name : this.#imports.from(file, name, "type");
  }

  #custom(type: TypeRef): string {
    const options = objectLiteral([
      ["schema", type.schema === null ? undefined : stringLiteral(type.schema)],
      ["modifiers", type.modifiers.length === 0 ? undefined : stringList(type.modifiers)],
    ]);
    const args = options === "{}" ? "" : `, ${options}`;
    return `${this.#imports.value("customType")}(${stringLiteral(type.name)}${args})`;
  }

  #types(type: TypeRef): TypeText {
    const found = this.#resolve(type);
    switch (found.is) {
      case "builtin":
        return {
          kind: found.builtin.kind,
          read: this.#withLibraryTypes(found.builtin.read),
          write: this.#withLibraryTypes(found.builtin.write),
        };
      case "custom":
        return { kind: "other", read: "string", write: "string" };
      case "multirange": {
        const range = this.#namedTypes(found.type, found.names);
        return { kind: "range", read: `${range.read}[]`, write: `readonly ${range.write}[]` };
      }
      case "named":
        return this.#namedTypes(found.type, found.names);
    }
  }

  #namedTypes(type: NamedType, { typeName }: TypeNames): TypeText {
    switch (type.kind) {
      case "enum": {
        const union = this.#declaredType(type, typeName);
        return { kind: "enum", read: union, write: union };
      }
      case "composite":
        return {
          kind: "other",
          read: this.#declaredType(type, typeName),
          write: this.#declaredType(type, `${typeName}Input`),
        };
      case "domain":
        return this.types(type.base);
      case "range": {
        const bound = this.types(type.subtype);
        return {
          kind: "range",
          read: `${this.#imports.type("Range")}<${bound.read}>`,
          write: `${this.#imports.type("RangeInput")}<${bound.write}>`,
        };
      }
    }
  }

  #withLibraryTypes(text: string): string {
    return text.replace(/\{([A-Z]\w*)\}/g, (_, name: string) => this.#imports.type(name));
  }
}

/** The function that makes a column of a range type's multirange. */
export function multirangeFactory(names: TypeNames): string {
  return `${names.factory}Multirange`;
}

function argument(modifier: string): string {
  return /^(-?\d+|null)$/.test(modifier) ? modifier : stringLiteral(modifier);
}

function parenthesized(type: string): string {
  return /^[\p{L}\p{M}\p{Nd}_$]+(\[\])*$/u.test(type) ? type : `(${type})`;
}

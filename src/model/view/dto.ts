/** The wrapper of rows that views take the place of: it keeps code running that was ported as it stood. */
import { warn } from "../../execute/warning.ts";
import { jsonValue } from "../json.ts";
import { isRow, metaOfRow, valueOf } from "../row_state.ts";

/** The classes that were told of. */
const told = new WeakSet<object>();

/** The rows behind DTOs. */
const rows = new WeakMap<object, object>();

/**
 * Wraps a row in an object of its own. Use `view()` instead: a subclass is told of once by a warning,
 * when its first object is made, since a class cannot see that it is extended.
 *
 * `fromModel()` makes the object and awaits `_initializeDto()`, which sets its fields; what the object
 * has not is looked up on the row, methods included.
 *
 * @example
 * ```ts
 * import { BaseDTO, integer, model, text } from "@matrx/orm";
 *
 * class Customer extends model("customers", { id: integer().primaryKey(), name: text() }) {}
 * class CustomerDTO extends BaseDTO<Customer> {
 *   initials = "";
 *   override _initializeDto(row: Customer): void {
 *     this.initials = row.name.split(" ").map((word) => word.charAt(0)).join("");
 *   }
 * }
 * const dto = await CustomerDTO.fromModel(new Customer({ id: 1, name: "Ann Berg" }));
 * console.log(dto.toDict()); // { id: "1", initials: "AB" }
 * ```
 */
export class BaseDTO<Instance extends object = object> {
  /** The primary key of the row as text; that of several columns as a JSON list. */
  id: string;

  /** Makes an empty object; use `fromModel()`. */
  constructor() {
    this.id = "";
    warnOnce(new.target);
  }

  /**
   * Makes the object of a row.
   *
   * @throws {ValidationError} what is given is no row of a model
   */
  static async fromModel<DTO extends BaseDTO>(
    this: new () => DTO,
    row: DTO["model"],
  ): Promise<DTO & Omit<DTO["model"], keyof DTO>> {
    const meta = metaOfRow(row);
    const dto = new this();
    const key = meta.primaryKey.map(({ property }) => String(valueOf(row, property)));
    dto.id = key.length === 1 ? key[0]! : JSON.stringify(key);
    rows.set(dto, row);
    lookThrough(dto, row);
    await dto._initializeDto(row);
    // what lookThrough() defined
    return dto as DTO & Omit<DTO["model"], keyof DTO>;
  }

  /** The row behind the object. */
  get model(): Instance {
    return rows.get(this) as Instance;
  }

  /** Sets the fields; called once by `fromModel()`. Override it. */
  _initializeDto(_row: Instance): Promise<void> | void {}

  /** Gives the object's own fields that are neither null nor undefined; rows and DTOs in them as plain objects. */
  toDict(): Record<string, unknown> {
    return dictOf(this, new Set());
  }

  /** Gives the same as JSON can say it. */
  toJSON(): Record<string, unknown> {
    return jsonValue(this.toDict()) as Record<string, unknown>;
  }
}

function warnOnce(type: { readonly name: string }): void {
  if (type === BaseDTO || told.has(type)) return;
  told.add(type);
  warn(null, {
    code: "base_dto",
    message: `${type.name} extends BaseDTO, which only keeps old code running: use view() instead`,
    source: type.name,
    member: null,
    key: null,
  });
}

/** Lets an object answer with what a row has and it has not. What is set on it stays on it. */
function lookThrough(dto: object, row: object): void {
  for (const name of namesOf(row)) {
    if (name in dto) continue;
    Object.defineProperty(dto, name, {
      get: () => {
        const value: unknown = Reflect.get(row, name);
        return typeof value === "function" ? value.bind(row) : value;
      },
      set: (value: unknown) => {
        Object.defineProperty(dto, name, {
          value,
          configurable: true,
          enumerable: true,
          writable: true,
        });
      },
      configurable: true,
    });
  }
}

/** Everything that a row has, but for what every object has. */
function namesOf(row: object): Set<string> {
  const names = new Set<string>();
  for (
    let at: object | null = row;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return names;
}

/** `above` are the objects that hold this one: a circle ends in the key alone. */
function dictOf(dto: BaseDTO, above: ReadonlySet<object>): Record<string, unknown> {
  if (above.has(dto)) return { id: dto.id };
  const below = new Set([...above, dto]);
  const plain = (value: unknown): unknown => {
    if (value instanceof BaseDTO) return dictOf(value, below);
    if (isRow(value)) return (value as unknown as { toDict(): unknown }).toDict();
    return Array.isArray(value) ? value.map(plain) : value;
  };
  return Object.fromEntries(
    Object.entries(dto).filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, plain(value)]),
  );
}

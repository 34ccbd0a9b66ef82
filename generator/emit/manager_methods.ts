/** Which methods the generated class of a manager has, as data. */
import { camelCase, capitalize, snakeCase } from "../../src/util/casing.ts";
import { Claims } from "../name/claims.ts";
import { plural } from "../name/words.ts";
import { managerSettings } from "../options.ts";
import { keyOf, primaryKeyOf, type Source } from "../sources/source.ts";
import type { Context } from "./context.ts";

/** A parameter: its name and its type, in terms of the types of the file. */
export type Parameter = readonly [name: string, type: string];

/** A method of a generated manager. */
export interface ManagerMethod {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** What its promise gives. */
  readonly result: string;
  readonly body: string;
}

/** The names of types and classes that methods are written with. */
export interface MethodTypes {
  readonly model: string;
  readonly item: string;
  readonly key: string;
  readonly shape: string;
  readonly list: string;
  readonly view: string;
  /** Imports a type of the library. */
  library(name: string): string;
  /** Imports the class of a model. */
  classOf(source: Source): string;
}

/** What every manager has: a generated method never takes the place of one of these. */
export const MANAGER_MEMBERS: readonly string[] = [
  ...["constructor", "model", "using", "loadById", "loadItem", "loadItemOrNull", "loadItems"],
  ...["loadItemsByIds", "filterItems", "loadFirst", "loadLast", "count", "exists"],
  ...["getItemDict", "loadItemsDict"],
  ...["getItemWithAllRelated", "getItemWithRelated", "getItemsWithRelated", "onInit", "onLoad"],
  ...["createItem", "createItems", "updateItem", "updateItems", "deleteItem", "deleteItems"],
  ...["upsertItem", "upsertItems", "updateWhere", "deleteWhere", "getOrCreate", "addM2m"],
  ...["removeM2m", "setM2m", "clearM2m", "beforeCreate", "afterCreate", "beforeUpdate"],
  ...["afterUpdate", "beforeDelete", "afterDelete"],
];

/** The relations of a model by the properties that name them, in the order of the model. */
export function propertiesOfRelations(source: Source, context: Context): string[] {
  const { foreignKeys, inverses, manyToMany } = context.relations.get(keyOf(source.object))!;
  return [...foreignKeys, ...inverses, ...manyToMany].map(({ property }) => property);
}

/** Lists the methods, the same each time. */
export function managerMethods(
  source: Source,
  context: Context,
  types: MethodTypes,
): ManagerMethod[] {
  const writer = new MethodList(source, context, types);
  const { groups } = managerSettings(context.settings, source.object)!;
  if (groups.includes("core")) core(writer);
  if (groups.includes("relations")) relations(writer);
  if (groups.includes("dict")) dicts(writer);
  return writer.methods;
}

class MethodList {
  readonly methods: ManagerMethod[] = [];
  readonly one: string;
  readonly many: string;
  readonly hasKey: boolean;
  readonly isTable: boolean;
  readonly source: Source;
  readonly context: Context;
  readonly types: MethodTypes;
  readonly #claims = new Claims();

  constructor(source: Source, context: Context, types: MethodTypes) {
    this.source = source;
    this.context = context;
    this.types = types;
    this.one = capitalize(types.model);
    const many = capitalize(camelCase(plural(snakeCase(types.model))));
    // "news" is one and many
    this.many = many === this.one ? `${this.one}List` : many;
    this.hasKey = primaryKeyOf(source) !== undefined;
    this.isTable = source.object.kind === "table";
    for (const member of MANAGER_MEMBERS) this.#claims.take(member);
  }

  get run(): Parameter {
    return ["options?", this.types.library("RunOptions")];
  }

  get key(): Parameter {
    return ["key", this.types.key];
  }

  get lists(): Parameter {
    return ["options?", this.types.list];
  }

  get where(): string {
    return `${this.types.library("Where")}<${this.types.shape}>`;
  }

  /** Names the view of the rows for a call, which costs a type checker far less than to find it. */
  get shaped(): string {
    return `<typeof ${this.types.view}>`;
  }

  /** Adds a method; one that would be what every manager has under that very name is left out. */
  add(
    candidates: readonly string[],
    doc: string,
    parameters: readonly Parameter[],
    result: string,
    body: string,
  ): void {
    if (body.startsWith(`this.${candidates[0]}(`) || body.startsWith(`this.${candidates[0]}<`)) {
      return;
    }
    const name = this.#claims.claim(candidates);
    this.methods.push({ name, doc, parameters, result, body });
  }
}

function core(list: MethodList): void {
  const { one, many, types: { item, shape, library } } = list;
  const some = `${item}[]`;
  if (list.isTable) {
    const insert = `${library("Insert")}<${shape}>`;
    const update = `${library("UpdateValues")}<${shape}>`;
    const part = `${library("Update")}<${shape}>`;
    list.add(
      [`create${one}`],
      "Inserts a row.",
      [["values", insert], list.run],
      item,
      `this.createItem${list.shaped}(values, options)`,
    );
    list.add(
      [`create${many}`],
      "Inserts rows, all or none.",
      [["rows", `readonly ${insert}[]`], list.run],
      some,
      `this.createItems${list.shaped}(rows, options)`,
    );
    list.add(
      [`getOrCreate${one}`],
      "Loads the row with these values, or inserts it.",
      [["values", part], ["defaults?", part], list.run],
      item,
      `this.getOrCreate${list.shaped}(values, defaults, options)`,
    );
    if (list.hasKey) {
      list.add(
        [`update${one}`],
        "Writes values to the row with a key.",
        [list.key, ["values", update], list.run],
        item,
        `this.updateItem${list.shaped}(key, values, options)`,
      );
      list.add(
        [`delete${one}`],
        "Deletes the row with a key.",
        [list.key, ["options?", library("DeleteOptions")]],
        "true",
        "this.deleteItem(key, options)",
      );
    }
  }
  if (list.hasKey) {
    list.add(
      [`load${one}ById`],
      "Loads the row with a key.",
      [list.key, list.run],
      item,
      `this.loadById${list.shaped}(key, options)`,
    );
  }
  list.add(
    [`load${one}`],
    "Loads the only row that matches.",
    [["where", list.where], list.run],
    item,
    `this.loadItem${list.shaped}(where, options)`,
  );
  list.add(
    [`load${many}`],
    "Loads the rows that match, or all.",
    [["where?", list.where], list.lists],
    some,
    `this.loadItems${list.shaped}(where, options)`,
  );
  list.add(
    [`filter${many}`],
    "Loads the rows that match.",
    [["where", list.where], list.lists],
    some,
    `this.filterItems${list.shaped}(where, options)`,
  );
}

function relations(list: MethodList): void {
  const { source, context, one, many, types: { model, view, shape, library } } = list;
  const { foreignKeys, inverses, manyToMany } = context.relations.get(keyOf(source.object))!;
  const properties = propertiesOfRelations(source, context);
  if (list.hasKey && properties.length > 0) {
    const every = `${library("EveryRelation")}<${shape}>`;
    list.add(
      [`get${one}WithAllRelated`],
      "Loads the row with a key, with every relation.",
      [list.key, list.run],
      `${library("ItemWith")}<${model}, ${every}, typeof ${view}>`,
      `this.getItemWithAllRelated${list.shaped}(key, options)`,
    );
  }
  for (const { property } of [...foreignKeys, ...inverses, ...manyToMany]) {
    const labels = labelsOf(property);
    const name = JSON.stringify(property);
    const loaded = `${library("ItemWith")}<${model}, ${name}, typeof ${view}>`;
    if (list.hasKey) {
      list.add(
        labels.map((label) => `get${one}With${label}`),
        `Loads the row with a key, with ${said(property)}.`,
        [list.key, list.run],
        loaded,
        `this.getItemWithRelated<${name}, typeof ${view}>(key, ${name}, options)`,
      );
    }
    list.add(
      labels.map((label) => `get${many}With${label}`),
      `Loads the rows that match, with ${said(property)}.`,
      [["where?", list.where], list.lists],
      `${loaded}[]`,
      `this.getItemsWithRelated<${name}, typeof ${view}>(${name}, where, options)`,
    );
  }
  if (!list.hasKey || !list.isTable) return;
  for (const { property, target } of manyToMany) ties(list, property, target);
}

function ties(list: MethodList, property: string, target: Source): void {
  const { one, types: { model, library, classOf } } = list;
  const name = JSON.stringify(property);
  const label = labelsOf(property)[0]!;
  const tie = `readonly ${library("TieInput")}<${classOf(target)}>[]`;
  list.add(
    [`get${one}${label}`],
    `Loads ${said(property)} of the row with a key.`,
    [list.key, list.run],
    `${library("RelatedOf")}<${model}, ${name}>`,
    `this.getItemWithRelated<${name}, null>(key, ${name}, { ...options, view: null })` +
      `.then((item) => item.getRelated(${name}))`,
  );
  list.add(
    [`add${one}${label}`],
    `Ties rows of ${said(property)} to the row with a key.`,
    [list.key, ["...targets", tie]],
    "number",
    `this.addM2m(key, ${name}, ...targets)`,
  );
  list.add(
    [`remove${one}${label}`],
    `Unties rows of ${said(property)} from the row with a key.`,
    [list.key, ["...targets", tie]],
    "number",
    `this.removeM2m(key, ${name}, ...targets)`,
  );
  list.add(
    [`set${one}${label}`],
    `Ties exactly these rows of ${said(property)}.`,
    [list.key, ["targets", tie], list.run],
    "void",
    `this.setM2m(key, ${name}, targets, options)`,
  );
  list.add(
    [`clear${one}${label}`],
    `Unties all rows of ${said(property)}.`,
    [list.key, list.run],
    "number",
    `this.clearM2m(key, ${name}, options)`,
  );
}

function dicts(list: MethodList): void {
  const { one, many, types: { item, library } } = list;
  const dict = `${library("DictValue")}<${item}>`;
  if (list.hasKey) {
    list.add(
      [`get${one}Dict`],
      "Loads the row with a key as plain data.",
      [list.key, list.run],
      dict,
      `this.getItemDict${list.shaped}(key, options)`,
    );
  }
  list.add(
    [`load${many}Dict`],
    "Loads the rows that match, or all, as plain data.",
    [["where?", list.where], list.lists],
    `${dict}[]`,
    `this.loadItemsDict${list.shaped}(where, options)`,
  );
}

/** What a relation is called in a method: `customerId` is `Customer`, or `CustomerId` where that is taken. */
function labelsOf(property: string): string[] {
  const whole = capitalize(camelCase(property));
  const short = whole.replace(/Id$/, "");
  return short === "" || short === whole ? [whole] : [short, whole];
}

function said(property: string): string {
  return `\`${property}\``;
}

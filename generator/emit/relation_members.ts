import { foreignKeyOptions } from "./constraints.ts";
import type { Context } from "./context.ts";
import type { Imports } from "./imports.ts";
import { objectLiteral, stringList, stringLiteral } from "./literal.ts";
import type { Member } from "./member.ts";
import type { ForeignKey, Inverse, ManyToMany, ModelRelations } from "./relations.ts";
import { referencesPrimaryKey } from "./relations.ts";
import { keyOf, type Source } from "../sources/source.ts";

/** Writes the relations of a model that are not columns. */
export function relationMembers(
  relations: ModelRelations,
  context: Context,
  imports: Imports,
): Member[] {
  const classOf = (source: Source) => {
    const { file, className } = context.names.models.get(keyOf(source.object))!;
    return imports.from(`../${file}.ts`, className, "value");
  };
  const propertiesOf = (source: Source) =>
    context.names.models.get(keyOf(source.object))!.properties.byColumn;

  const member = (
    property: string,
    kind: "fk" | "ifk" | "m2m",
    target: Source,
    options: string,
  ): Member => {
    const name = classOf(target);
    const call = imports.value(FACTORIES[kind]);
    const type = context.settings.explicit
      ? `${imports.type("Relation")}<${stringLiteral(kind)}, ${name}>`
      : "";
    const expression = `${call}<${name}>(() => ${name}, ${options})`;
    return { property, comment: null, expression, type };
  };

  const foreign = (key: ForeignKey) => {
    const options = foreignKeyOptions(key, propertiesOf(key.source), propertiesOf(key.target));
    return member(key.property, "fk", key.target, objectLiteral(options));
  };
  const inverse = ({ property, of: key }: Inverse) => {
    const options = objectLiteral([["fromField", stringLiteral(key.property)]]);
    return member(property, "ifk", key.source, options);
  };
  return [
    ...relations.foreignKeys.filter((key) => !key.isColumn).map(foreign),
    ...relations.inverses.map(inverse),
    ...relations.manyToMany.map((one) =>
      member(one.property, "m2m", one.target, manyToManyOptions(one, propertiesOf))
    ),
  ];
}

const FACTORIES = {
  fk: "compositeForeignKey",
  ifk: "inverseForeignKey",
  m2m: "manyToMany",
} as const;

function manyToManyOptions(
  relation: ManyToMany,
  propertiesOf: (source: Source) => ReadonlyMap<string, string>,
): string {
  const { junction, near, far, owner, target } = relation;
  const columns = (names: readonly string[]) =>
    names.length === 1 ? stringLiteral(names[0]!) : stringList(names);
  const fields = (key: typeof near, source: Source) =>
    referencesPrimaryKey(key, source)
      ? undefined
      : stringList(key.references.columns.map((name) => propertiesOf(source).get(name)!));
  return objectLiteral([
    ["through", stringLiteral(junction.object.name)],
    [
      "throughSchema",
      junction.object.schema === near.references.schema
        ? undefined
        : stringLiteral(junction.object.schema),
    ],
    ["source", columns(near.columns)],
    ["target", columns(far.columns)],
    ["sourceFields", fields(near, owner)],
    ["targetFields", fields(far, target)],
  ]);
}

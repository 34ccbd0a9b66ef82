/** The candidates by name, and the file under `candidates/` that holds each. */
export const files: Readonly<Record<string, string>> = {
  matrx: "matrx",
  postgres: "postgres",
  pg: "pg",
  drizzle: "drizzle",
  drizzlePrepared: "drizzle_prepared",
  kysely: "kysely",
  prisma: "prisma",
  typeorm: "typeorm",
  mikroOrm: "mikro_orm",
  sequelize: "sequelize",
};

/** The candidate that all others are divided by. */
export const YARDSTICK = "postgres";

/** What a candidate is called in the table. */
export const labels: Readonly<Record<string, string>> = {
  matrx: "@matrx/orm",
  postgres: "postgres",
  pg: "pg",
  drizzle: "drizzle",
  drizzlePrepared: "drizzle prepared",
  kysely: "kysely",
  prisma: "prisma",
  typeorm: "typeorm",
  mikroOrm: "mikro-orm",
  sequelize: "sequelize",
};

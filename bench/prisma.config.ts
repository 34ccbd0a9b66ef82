import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema.prisma",
  // only `prisma generate` reads this file, and it connects to nothing
  datasource: { url: "postgres://nobody@localhost/nothing" },
});

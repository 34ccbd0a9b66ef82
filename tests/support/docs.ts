/** The snippets of a page of docs/, type-checked and run in their order as one module on its tables. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { closeAll } from "../../mod.ts";
import { testDatabase } from "./database.ts";
import { testServer } from "./servers.ts";

/** Packages that pages name as a user's project does. */
const PACKAGES: ReadonlyMap<string, string> = new Map([["zod", "npm:zod@4.6.7"]]);

/** A fenced block and the line of the page on which it stands. */
interface Block {
  readonly text: string;
  readonly line: number;
}

function blocksOf(page: string, language: string): Block[] {
  const fence = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm");
  return [...page.matchAll(fence)].map((found) => ({
    text: found[1]!,
    line: page.slice(0, found.index).split("\n").length + 1,
  }));
}

const IMPORT = /^import \{([^}]*)\} from "([^"]+)";\n/gm;

/** Makes one module of the blocks: imports first, then the models, then each block in a scope. */
function moduleOf(blocks: readonly Block[]): string {
  const names = new Map<string, Set<string>>();
  const bodies = blocks.map(({ text, line }) => {
    for (const [, list, from] of text.matchAll(IMPORT)) {
      const of = names.get(from!) ?? new Set();
      names.set(from!, of);
      for (const name of list!.split(",")) if (name.trim() !== "") of.add(name.trim());
    }
    return { body: text.replace(IMPORT, ""), line };
  });
  const [models, ...rest] = bodies;
  const scoped = rest.map(({ body, line }) =>
    hasShared(body) ? `at(${line});\n${body}` : `at(${line});\n{\n${body}}\n`
  );
  return [
    ...Array.from(
      names,
      ([from, of]) => `import { ${[...of].join(", ")} } from "${PACKAGES.get(from) ?? from}";`,
    ),
    `import process from "node:process";`,
    `const at = (line: number): void => void (process.env["MATRX_DOCS_LINE"] = String(line));`,
    `const console = { log: (..._: unknown[]): void => {}, warn: (..._: unknown[]): void => {} };`,
    models!.body,
    ...scoped,
  ].join("\n");
}

/** Whether a block only makes names that none of the others uses, which is so for classes. */
function hasShared(body: string): boolean {
  return /^class /m.test(body);
}

/** Tests a page of docs/; `least` is how many snippets it has at least. */
export async function testPage(name: string, least: number): Promise<void> {
  const server = await testServer("pglite");
  const page = await readFile(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");
  const blocks = blocksOf(page, "ts");
  const integration = join(dirname(fileURLToPath(import.meta.url)), "../integration");
  const folder = await mkdtemp(join(integration, ".docs-"));
  after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, `${name}.ts`);
  await writeFile(file, moduleOf(blocks));
  const skip = "Deno" in globalThis ? false : "needs Deno";

  test(`docs/${name}.md type-checks`, { skip }, async () => {
    const checked = promisify(execFile)(process.execPath, ["check", file]);
    await checked.catch((error: { stderr: string }) => assert.fail(error.stderr));
  });

  test(`docs/${name}.md runs`, { skip }, async () => {
    assert.ok(blocks.length >= least, `${blocks.length} snippets`);
    await using database = await testDatabase(server, { folder: true });
    const connection = await database.driver.acquire();
    for (const { text } of blocksOf(page, "sql")) await connection.script(text);
    connection.release();
    await database.driver.close();
    process.env["DATABASE_URL"] = database.url;
    try {
      await import(pathToFileURL(file).href);
    } catch (error) {
      throw new Error(`docs/${name}.md, snippet on line ${process.env["MATRX_DOCS_LINE"]}`, {
        cause: error,
      });
    } finally {
      // pages register under the same name
      await closeAll();
    }
  });
}

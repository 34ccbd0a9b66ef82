/**
 * A registry that stands in for JSR on this machine: takes `deno publish`, and gives out what it took
 * to `jsr:` imports, and to npm and Bun as `@jsr/<scope>__<name>`.
 *
 * Usage: `deno run -A tools/local_jsr.ts [PORT]`, then
 * `JSR_URL=http://127.0.0.1:PORT/ deno publish --token any --allow-dirty --no-provenance`.
 * It keeps everything in memory and checks no token.
 */
import { createHash } from "node:crypto";
import { type Files, packUnchecked, readTarball, textOf, writeTarball } from "./npm_tarball.ts";

/** A version that was published. */
export interface Published {
  readonly scope: string;
  readonly name: string;
  readonly version: string;
  /** What was sent, by path. */
  readonly files: Files;
  /** What it exports, by the names after the package's own. */
  readonly exports: Readonly<Record<string, string>>;
  /** The same package as npm is given it. */
  readonly tarball: Uint8Array;
}

/** A registry that runs. */
export interface LocalJsr extends AsyncDisposable {
  /** Its address, with a slash at its end: the value of `JSR_URL`. */
  readonly url: string;
  /** What was published, oldest first. */
  readonly published: readonly Published[];
}

interface Config {
  readonly name: string;
  readonly version: string;
  readonly exports: string | Readonly<Record<string, string>>;
}

const digest = (how: string, data: Uint8Array, as: "hex" | "base64"): string =>
  createHash(how).update(data).digest(as);

/** Makes npm's form of a package from what was published alone. */
async function npmForm(files: Files, npmName: string): Promise<Uint8Array> {
  const packed = new Map(await packUnchecked(files));
  const manifest = { ...JSON.parse(textOf(packed, "package.json")) as object, name: npmName };
  packed.set("package.json", new TextEncoder().encode(JSON.stringify(manifest)));
  return writeTarball(packed);
}

/** The version as `jsr:` imports read it: which files there are, and what they weigh. */
function versionMeta({ files, exports }: Published): unknown {
  const manifest = Object.fromEntries(
    [...files].map(([path, data]) => [`/${path}`, {
      size: data.length,
      checksum: `sha256-${digest("sha256", data, "hex")}`,
    }]),
  );
  return { manifest, exports };
}

/** The package as npm reads it. */
function packument(all: readonly Published[], npmName: string, url: string): unknown {
  const versions = all.map((one) => [one.version, {
    ...JSON.parse(textOf(readTarball(one.tarball), "package.json")) as object,
    dist: {
      tarball: `${url}~/tarballs/${npmName}/${one.version}.tgz`,
      shasum: digest("sha1", one.tarball, "hex"),
      integrity: `sha512-${digest("sha512", one.tarball, "base64")}`,
    },
  }]);
  const latest = all.at(-1)!.version;
  return { name: npmName, "dist-tags": { latest }, versions: Object.fromEntries(versions) };
}

const missing = (): Response =>
  Response.json({ code: "notFound", message: "There is none" }, { status: 404 });
const npmNameOf = ({ scope, name }: Published): string => `@jsr/${scope}__${name}`;

/** Starts a registry on a port of the loopback; 0 takes a free one. */
export function startLocalJsr(port = 0): LocalJsr {
  const published: Published[] = [];
  const find = (scope: string, name: string): Published[] =>
    published.filter((one) => one.scope === scope && one.name === name);

  /** What is asked of it, by the shape of the path. */
  const routes: readonly [
    pattern: RegExp,
    answer: (words: readonly string[], request: Request) => Response | Promise<Response>,
  ][] = [
    // a package may be published to before it has a version
    [
      /^\/api\/scopes\/([^/]+)\/packages\/([^/]+)$/,
      ([scope, name]) => Response.json({ scope, name, description: "", latestVersion: null }),
    ],
    [/^\/api\/scopes\/([^/]+)\/packages\/([^/]+)\/versions\/([^/]+)$/, take],
    [/^\/api\/publish_status\/(.+)$/, ([id]) => Response.json({ id, status: "success" })],
    [/^\/@([^/]+)\/([^/]+)\/meta\.json$/, ([scope = "", name = ""]) => {
      const all = find(scope, name);
      if (all.length === 0) return missing();
      const versions = Object.fromEntries(all.map(({ version }) => [version, {}]));
      return Response.json({ scope, name, latest: all.at(-1)!.version, versions });
    }],
    [/^\/@([^/]+)\/([^/]+)\/([^/]+)_meta\.json$/, ([scope = "", name = "", version]) => {
      const one = find(scope, name).find((found) => found.version === version);
      return one === undefined ? missing() : Response.json(versionMeta(one));
    }],
    [/^\/@([^/]+)\/([^/]+)\/([^/]+)\/(.+)$/, ([scope = "", name = "", version, path = ""]) => {
      const one = find(scope, name).find((found) => found.version === version);
      const data = one?.files.get(path);
      // a type that says nothing: the name of the file tells what it is
      return data === undefined ? missing() : new Response(data.slice());
    }],
    [/^\/(@jsr\/[^/]+)$/, ([npmName = ""]) => {
      const all = published.filter((one) => npmNameOf(one) === npmName);
      return all.length === 0 ? missing() : Response.json(packument(all, npmName, registry.url));
    }],
    [/^\/~\/tarballs\/(@jsr\/[^/]+)\/(.+)\.tgz$/, ([npmName, version]) => {
      const one = published.find((one) => npmNameOf(one) === npmName && one.version === version);
      return one === undefined ? missing() : new Response(one.tarball.slice());
    }],
  ];

  /** Says whether a version is there, or takes it. */
  async function take(
    [scope = "", name = "", version = ""]: readonly string[],
    request: Request,
  ): Promise<Response> {
    const present = find(scope, name).some((one) => one.version === version);
    if (request.method === "GET") return present ? Response.json({ version }) : missing();
    if (present) return Response.json({ code: "duplicateVersionPublish" }, { status: 409 });
    const files = readTarball(new Uint8Array(await request.arrayBuffer()), "");
    const config = JSON.parse(textOf(files, "deno.json")) as Config;
    if (config.name !== `@${scope}/${name}` || config.version !== version) {
      const message = `deno.json names ${config.name} ${config.version}`;
      return Response.json({ code: "invalidConfig", message }, { status: 400 });
    }
    const exports = typeof config.exports === "string" ? { ".": config.exports } : config.exports;
    const tarball = await npmForm(files, `@jsr/${scope}__${name}`);
    published.push({ scope, name, version, files, exports, tarball });
    return Response.json({ id: crypto.randomUUID(), status: "success" });
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    for (const [pattern, answer] of routes) {
      const found = pattern.exec(path);
      if (found !== null) return await answer(found.slice(1), request);
    }
    return missing();
  });
  const registry: LocalJsr = {
    url: `http://127.0.0.1:${server.addr.port}/`,
    published,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return registry;
}

if (import.meta.main) {
  const { url } = startLocalJsr(Number(Deno.args[0] ?? 0));
  console.log(`JSR_URL=${url}`);
}

#!/bin/sh
# Installs the peers here, generates Prisma's client, and runs the benchmark: run.ts, or the file that is
# named first, such as cold.ts.
set -eu
cd "$(dirname "$0")"
# Deno trusts its own list alone by default; a mirror's certificate is in the system's
export DENO_TLS_CA_STORE="${DENO_TLS_CA_STORE:-system,mozilla}" DENO_NO_UPDATE_CHECK=1
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --ignore-scripts
fi
# the driver of this ORM comes from the folder above
(cd .. && deno cache --quiet src/drivers/node_pg.ts)
program=run.ts
case "${1-}" in *.ts)
  program=$1
  shift
  ;;
esac
# any program will do: generating needs no engine, and without a name Prisma would download one
[ "$program" != run.ts ] || PRISMA_SCHEMA_ENGINE_BINARY=/bin/true CHECKPOINT_DISABLE=1 npx --no-install prisma generate >/dev/null
exec deno run --no-config --node-modules-dir=manual -A "$program" "$@"

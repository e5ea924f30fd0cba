#!/usr/bin/env bash
# Sets up .venv-engines once (it sees the packages of .venv and adds the engines), then runs the one table of cases on each.
# ENGINES="dask" leaves PySpark, which needs Java, out.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tests/engines/environment.sh
command -v java >/dev/null && engines="dask pyspark" || { engines=dask; echo "no Java here: PySpark is left out"; }
engines=${ENGINES:-$engines}
environment .venv-engines "$(find .venv -name site-packages -type d | head -n 1)" 'dask[dataframe]' ${engines#dask}
failed=
for engine in duckdb $engines; do
  echo "== the table of cases on $engine"
  PYTHONPATH=tests/engines .venv-engines/bin/python -m pytest -n 2 -W ignore -p frames_as --engine "$engine" tests/reference -k own \
    || failed="$failed $engine"
done
[ -z "$failed" ] || { echo "not as R says on:$failed"; exit 1; }

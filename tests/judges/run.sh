#!/usr/bin/env bash
# Sets up .venv-judges once (it sees the packages of .venv and adds the judges), then runs tests/judges there.
# pyxform asks for older versions of packages that we need newer, so it lives alone in .venv-pyxform;
# frictionless brings many packages of its own, and lives in .venv-frictionless.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tests/engines/environment.sh
environment .venv-judges "$(find .venv -name site-packages -type d | head -n 1)" svy
if [ ! -f .venv-pyxform/.installed ]; then
  .venv/bin/python -m venv .venv-pyxform
  .venv-pyxform/bin/python -m pip install --quiet --disable-pip-version-check 'pyxform>=4.5'
  touch .venv-pyxform/.installed
fi
if [ ! -f .venv-frictionless/.installed ]; then
  .venv/bin/python -m venv .venv-frictionless
  .venv-frictionless/bin/python -m pip install --quiet --disable-pip-version-check 'frictionless>=5.18'
  touch .venv-frictionless/.installed
fi
export VOLRESEARCH_FRICTIONLESS="$PWD/.venv-frictionless/bin/python"
VOLRESEARCH_PYXFORM="$PWD/.venv-pyxform/bin/python" .venv-judges/bin/python -m pytest -rs tests/judges

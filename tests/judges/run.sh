#!/usr/bin/env bash
# Sets up .venv-judges once (it sees the packages of .venv and adds the judges), then runs tests/judges there.
set -euo pipefail
cd "$(dirname "$0")/../.."
source tests/engines/environment.sh
environment .venv-judges "$(find .venv -name site-packages -type d | head -n 1)" svy
.venv-judges/bin/python -m pytest -rs tests/judges

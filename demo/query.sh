#!/usr/bin/env bash
# Runs a DuckDB script from standard input with the Python that ./build.sh demo has installed DuckDB for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec "${SWIFTLAKE_PYTHON:-$here/../.venv-demo/bin/python}" "$here/query.py"

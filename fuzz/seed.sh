#!/bin/sh
# Copies seeds into fuzz/corpus/<target>, from the folder WIJKANALYSE_DATA and from this repository.
# Packages are written out as sections (see fuzz_targets/parts.rs), so that a mutation reaches the XML.
set -eu
: "${WIJKANALYSE_DATA:?names the folder with outside files}"
cd "$(dirname "$0")"
exec python3 seed.py "$WIJKANALYSE_DATA"

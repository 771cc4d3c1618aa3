#!/usr/bin/env bash
# Compares the audit with DuckDB, pycanon, scikit-mobility and scikit-learn on the same generated files and the
# same number of threads, in one run, as ratios. Needs python3 and PyPI; nothing is installed outside target/.
set -euo pipefail
cd "$(dirname "$0")/.."
threads=${THREADS:-2}
venv=target/bench-venv
[ -x $venv/bin/python ] || python3 -m venv $venv
$venv/bin/pip -q install duckdb pycanon pandas pyarrow tqdm scikit-learn
# Much of what it depends on is for maps and models; its attacks need none of that.
$venv/bin/pip -q install --no-deps scikit-mobility
cargo build --release --locked
cargo bench --bench audit --locked -- --generate | grep parquet > target/bench-files
$venv/bin/python benches/compare.py target/release/reidrisk "$threads" $(cat target/bench-files)
$venv/bin/python benches/compare.py --mobility target/release/reidrisk "$threads"
persons=$(cargo bench --bench audit --locked -- --generate-linkage | grep parquet)
$venv/bin/python benches/compare.py --sparse-product target/release/reidrisk "$threads" "$persons"

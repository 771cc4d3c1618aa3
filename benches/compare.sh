#!/usr/bin/env bash
# Compares the audit with DuckDB, pycanon and scikit-learn on the same generated file and the same number of threads, in one
# run, as ratios. Needs python3 and PyPI; nothing is installed outside target/.
set -euo pipefail
cd "$(dirname "$0")/.."
threads=${THREADS:-2}
venv=target/bench-venv
[ -x $venv/bin/python ] || python3 -m venv $venv
$venv/bin/pip -q install duckdb pycanon scikit-learn
cargo build --release --locked
cargo bench --bench audit --locked -- --generate | grep parquet > target/bench-files
$venv/bin/python benches/compare.py target/release/reidrisk "$threads" $(cat target/bench-files)
traces=$(cargo bench --bench audit --locked -- --generate-linkage | grep parquet)
$venv/bin/python benches/compare.py --sparse-product target/release/reidrisk "$threads" "$traces"

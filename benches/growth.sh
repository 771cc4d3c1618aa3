#!/usr/bin/env bash
# How time and memory of the audit grow: with the records, 1 to 20 million in random order, and with the
# points of traces, 1 to 100 million. Needs python3; writes its tables below target/ (some 6 GB).
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked
cargo build --release --locked --bench audit
files=()
for rows in 1 2 5 10 20; do
  files+=("$(REIDRISK_BENCH_ROWS=${rows}000000 cargo bench --bench audit --locked -- --generate-records)")
done
python3 benches/compare.py --growth target/release/reidrisk "${THREADS:-2}" "${files[@]}"
files=()
for points in 1 10 50 100; do
  files+=("$(REIDRISK_BENCH_POINTS=${points}000000 cargo bench --bench audit --locked -- --generate-traces)")
done
python3 benches/compare.py --traces target/release/reidrisk "${THREADS:-2}" "${files[@]}"

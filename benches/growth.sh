#!/usr/bin/env bash
# How time and memory of the audit grow: with the records, 1 to 20 million in random order, with the points of
# traces, 1 to 100 million, and with the persons who are sought, 10 to 300 thousand. Needs python3; writes its
# tables below target/ (some 8 GB).
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
files=()
for persons in 10 30 100 300; do
  files+=("$(REIDRISK_BENCH_PERSONS=${persons}000 cargo bench --bench audit --locked -- --generate-linkage)")
done
python3 benches/compare.py --linkage target/release/reidrisk "${THREADS:-2}" "${files[@]}"

"""Runs the audit and DuckDB in turn on the same files; prints medians, peak memory and ratios."""

import importlib.abc
import importlib.machinery
import json
import os
import statistics
import sys
import tempfile
import types
import unittest.mock

KNOWN = ["gender", "age_band", "region", "tariff", "handset", "segment"]
CLASSES = "k-anonymity,uniqueness,re-identification-risk,direct-identifiers"
SUBSETS = "quasi-identifier-subsets"
RUNS = 5


def run(command):
    """Seconds and peak MiB of one process."""
    import time

    start = time.monotonic()
    null = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    os.close(null)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"failed: {command}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def manifest(folder, path, persons):
    subject = 'subject = "subject"\nignore = [' if persons else 'ignore = ["subject", '
    text = f'''[[table]]
name = "t"
path = "{os.path.abspath(path)}"
kind = "microdata"
quasi_identifiers = {KNOWN!r}
{subject}"spend", "visits"]
'''
    name = os.path.join(folder, "release.toml")
    with open(name, "w") as file:
        file.write(text)
    return name


def cube(path, threads, persons):
    columns = ", ".join(KNOWN)
    count = "count(DISTINCT subject)" if persons else "count(*)"
    return (
        f"import duckdb; duckdb.sql('SET threads={threads}'); "
        f"duckdb.sql(\"SELECT g, n, count(*) FROM (SELECT grouping({columns}) g, {count} n "
        f"FROM '{path}' GROUP BY CUBE ({columns})) GROUP BY g, n\").fetchall()"
    )


def query(path, threads, persons):
    count = "count(DISTINCT subject)" if persons else "count(*)"
    return (
        f"import duckdb; duckdb.sql('SET threads={threads}'); "
        f"duckdb.sql(\"SELECT n, count(*) FROM (SELECT {count} n FROM '{path}' "
        f"GROUP BY {', '.join(KNOWN)}) GROUP BY n\").fetchall()"
    )


def growth(program, threads, files):
    """Medians of the audit alone, one line a table."""
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            parts = []
            for what, persons, only in (
                ("classes by records", False, CLASSES),
                ("classes by distinct persons", True, CLASSES),
                ("all subsets by records", False, SUBSETS),
            ):
                command = [
                    program, "audit", manifest(folder, path, persons), "--policy", "exploratory",
                    "--only", only, "--threads", threads, "--format", "json", "--out", folder,
                ]
                runs = [run(command) for _ in range(RUNS)]
                seconds = statistics.median(seconds for seconds, _ in runs)
                parts.append(f"{what} {seconds:.2f} s, {max(mib for _, mib in runs):.0f} MiB")
            print(f"{os.path.basename(path)}: " + "; ".join(parts))


def traces(program, threads, files):
    """Medians of the measures of traces, one line a table."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "release.toml")
        for path in files:
            parts = []
            for only, times in (
                ("unicity", 3), ("unicity-resolution", 3), ("trace-k", 1), ("location-attacks", 1),
            ):
                with open(name, "w") as file:
                    file.write(f'''[[table]]
name = "t"
path = "{os.path.abspath(path)}"
kind = "trace"
subject = "pseudonym"
time = "observed_at"
place = {{ latitude = "latitude", longitude = "longitude" }}
ignore = ["cell"]
''')
                command = [
                    program, "audit", name, "--policy", "exploratory", "--only", only,
                    "--threads", threads, "--format", "json", "--out", folder,
                ]
                runs = [run(command) for _ in range(times)]
                seconds = statistics.median(seconds for seconds, _ in runs)
                parts.append(f"{only} {seconds:.2f} s, {max(mib for _, mib in runs):.0f} MiB")
            print(f"{os.path.basename(path)}: " + "; ".join(parts))


def inference(program, threads, path, folder):
    """The measures that a Python library has as well, on as many rows as it manages."""
    import time

    import duckdb
    from pycanon import anonymity

    columns = ", ".join(KNOWN)
    for measure, rows, theirs in (
        ("k-anonymity", 1_000_000, lambda table: anonymity.k_anonymity(table, KNOWN)),
        ("alpha-k-anonymity", 50_000, lambda table: anonymity.alpha_k_anonymity(table, KNOWN, ["visits"])),
        ("l-diversity", 50_000, lambda table: anonymity.l_diversity(table, KNOWN, ["visits"])),
        ("t-closeness", 2_000, lambda table: anonymity.t_closeness(table, KNOWN, ["visits"])),
    ):
        few = os.path.join(folder, "few.parquet")
        duckdb.sql(f"COPY (SELECT {columns}, visits FROM '{path}' LIMIT {rows}) TO '{few}'")
        name = os.path.join(folder, "few.toml")
        with open(name, "w") as file:
            file.write(
                f'[[table]]\nname = "t"\npath = "{few}"\nkind = "microdata"\n'
                f'quasi_identifiers = {KNOWN!r}\nsensitive = ["visits"]\n'
            )
        command = [
            program, "audit", name, "--policy", "exploratory", "--only", measure,
            "--threads", threads, "--format", "json", "--out", folder,
        ]
        mine = statistics.median(run(command)[0] for _ in range(RUNS))
        table = duckdb.sql(f"SELECT * FROM '{few}'").df()
        start = time.monotonic()
        theirs(table)
        other = time.monotonic() - start
        print(
            f"{rows} rows, {measure}: whole audit {mine:.3f} s; pycanon, the function alone {other:.2f} s;"
            f" {other / mine:.0f} times as fast",
            flush=True,
        )


def scenario(folder, path, matcher, least=1):
    name = os.path.join(folder, "linkage.toml")
    with open(name, "w") as file:
        file.write(f'''[[table]]
name = "t"
path = "{os.path.abspath(path)}"
kind = "trace"
subject = "pseudonym"
time = "observed_at"
place = "cell"
ignore = ["latitude", "longitude"]
[[scenario]]
kind = "periods"
table = "t"
matchers = ["{matcher}"]
min_rows = {least}
''')
    return name


def linkage(program, threads, files):
    """Persons of one period found again in another: medians of the whole audit, one line a table."""
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            parts = []
            for matcher in ("tfidf-cosine", "jensen-shannon"):
                command = [
                    program, "audit", scenario(folder, path, matcher), "--policy", "exploratory", "--only",
                    "trace-linkage", "--threads", threads, "--format", "json", "--out", folder,
                ]
                runs = [run(command) for _ in range(3)]
                seconds = statistics.median(seconds for seconds, _ in runs)
                parts.append(f"{matcher} {seconds:.2f} s, {max(mib for _, mib in runs):.0f} MiB")
            print(f"{os.path.basename(path)}: " + "; ".join(parts), flush=True)


def against_sparse_product(program, threads, path, part=0.1):
    """The whole audit against scikit-learn's weights and a sparse product in pieces with its argmax: the
    same best match of everybody. The latter for a part of the persons, times as many."""
    import time

    import duckdb
    import numpy
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = duckdb.sql(
        f"WITH m AS (SELECT (min(observed_at::BIGINT) + max(observed_at::BIGINT)) / 2 AS mid FROM '{path}') "
        f"SELECT pseudonym, cell, observed_at::BIGINT >= mid AS later, count(*) AS n FROM '{path}', m GROUP BY ALL"
    ).fetchnumpy()
    code = lambda name: numpy.unique(numpy.asarray(counts[name], dtype=str), return_inverse=True)[1]
    person, cell = code("pseudonym"), code("cell")
    persons = person.max() + 1

    def side(later):
        mine = counts["later"] == later
        values = counts["n"][mine].astype(float)
        return csr_matrix((values, (person[mine], cell[mine])), shape=(persons, cell.max() + 1))

    known, sought = side(False), side(True)
    start = time.monotonic()
    weights = TfidfTransformer().fit(known)
    known, sought = weights.transform(known).T.tocsr(), weights.transform(sought)
    some, right = int(persons * part), 0
    for first in range(0, some, 2_000):
        last = min(first + 2_000, some)
        best = numpy.asarray((sought[first:last] @ known).argmax(axis=1)).ravel()
        right += (best == numpy.arange(first, last)).sum()
    theirs = (time.monotonic() - start) / part
    seconds = []
    # The second time nobody has rows enough: all but the matching.
    for least in (1, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            command = [
                program, "audit", scenario(folder, path, "tfidf-cosine", least), "--policy", "exploratory",
                "--only", "trace-linkage", "--threads", threads, "--format", "json", "--out", folder,
            ]
            seconds.append(statistics.median(run(command)[0] for _ in range(3)))
    mine, before = seconds
    print(
        f"{persons} persons among as many, {right / some:.4f} found: whole audit {mine:.2f} s, of which weights "
        f"and ranks {mine - before:.2f} s; scikit-learn, weights and product alone {theirs:.0f} s; "
        f"{theirs / mine:.0f} and {theirs / (mine - before):.0f} times as fast",
        flush=True,
    )


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """What scikit-mobility imports for maps and models, and its attacks never call: empty in its place."""

    NAMES = {
        "astral", "branca", "fiona", "folium", "geojson", "geopandas", "h3", "igraph", "matplotlib", "osmnx",
        "pooch", "powerlaw", "pyproj", "requests", "rtree", "scipy", "shapely", "sklearn", "statsmodels",
    }

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.NAMES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        class Empty(types.ModuleType):
            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                return unittest.mock.MagicMock()

        return Empty(spec.name)

    def exec_module(self, module):
        pass


def mobility(program, threads):
    """Location attacks beside those of scikit-mobility, on as many points as it manages."""
    import random
    import time

    sys.meta_path.insert(0, Absent())
    import pandas
    from skmob import TrajDataFrame
    from skmob.privacy import attacks

    draws = random.Random(1)
    for attack, persons, points, length in (
        ("location", 12, 11, 2),
        ("location", 9, 10, 3),
        ("location", 8, 9, 4),
        ("location-time", 12, 11, 2),
    ):
        rows = [
            (
                person,
                pandas.Timestamp("2026-03-02", tz="UTC") + pandas.Timedelta(hours=6 * point),
                # So few places that nobody is found at once, where it would stop.
                10.005 + draws.randrange(2) / 100,
                10.005 + draws.randrange(2) / 100,
            )
            for person in range(1, persons + 1)
            for point in range(points)
        ]
        table = pandas.DataFrame(rows, columns=["user_id", "ts", "lat", "lon"])
        with tempfile.TemporaryDirectory() as folder:
            path, name = os.path.join(folder, "few.parquet"), os.path.join(folder, "few.toml")
            table.to_parquet(path)
            with open(name, "w") as file:
                file.write(
                    f'[[table]]\nname = "t"\npath = "{path}"\nkind = "trace"\nsubject = "user_id"\n'
                    'time = "ts"\nplace = { latitude = "lat", longitude = "lon" }\n'
                    'point = { time = "1d", place = "0.01deg" }\n'
                    f"[measure.location-attacks]\nlength = [{length}]\n"
                )
            command = [
                program, "audit", name, "--policy", "exploratory", "--only", "location-attacks",
                "--threads", threads, "--format", "json", "--out", folder,
            ]
            mine = statistics.median(run(command)[0] for _ in range(RUNS))
            with open(os.path.join(folder, "report.json")) as file:
                report = json.load(file)
        wanted = {"attack": attack, "length": length}
        (ours,) = [
            finding["value"]
            for finding in report["findings"]
            if finding["statistic"] == "mean_risk" and wanted.items() <= finding["parameters"].items()
        ]
        theirs = attacks.LocationAttack(length)
        if attack == "location-time":
            # Days, for its hours are days and months.
            theirs = attacks.LocationTimeAttack(length, time_precision="Day")
        trace = TrajDataFrame(table, latitude="lat", longitude="lon", datetime="ts", user_id="user_id")
        start = time.monotonic()
        risks = theirs.assess_risk(trace)
        other = time.monotonic() - start
        print(
            f"{persons} persons of {points} points, {attack} attack of {length} points: whole audit {mine:.3f} s;"
            f" scikit-mobility, the function alone {other:.2f} s; {other / mine:.0f} times as fast;"
            f" mean risk {ours:.6f} and {risks.risk.mean():.6f}",
            flush=True,
        )


def main():
    if sys.argv[1] == "--linkage":
        return linkage(sys.argv[2], sys.argv[3], sys.argv[4:])
    if sys.argv[1] == "--sparse-product":
        return against_sparse_product(os.path.abspath(sys.argv[2]), sys.argv[3], sys.argv[4])
    if sys.argv[1] == "--mobility":
        return mobility(os.path.abspath(sys.argv[2]), sys.argv[3])
    if sys.argv[1] == "--growth":
        return growth(sys.argv[2], sys.argv[3], sys.argv[4:])
    if sys.argv[1] == "--traces":
        return traces(sys.argv[2], sys.argv[3], sys.argv[4:])
    program, threads, *files = sys.argv[1:]
    program, files = os.path.abspath(program), [os.path.abspath(path) for path in files]
    startup = statistics.median(run([sys.executable, "-c", "import duckdb"])[0] for _ in range(RUNS))
    print(f"DuckDB's figures are less the {startup:.2f} s that starting Python takes.")
    with tempfile.TemporaryDirectory() as folder:
        # What DuckDB spills goes where it is removed again.
        os.chdir(folder)
        for path in files:
            if "microdata" not in path:
                continue
            for what in (
                "rows",
                "distinct persons",
                "all 63 subsets, rows",
                "all 63 subsets, distinct persons",
            ):
                persons = what.endswith("persons")
                subsets = what.startswith("all")
                # The last takes minutes elsewhere.
                runs = 1 if persons and subsets else RUNS
                only = SUBSETS if subsets else CLASSES
                ours_command = [
                    program, "audit", manifest(folder, path, persons), "--policy", "exploratory",
                    "--only", only,
                    "--threads", threads, "--format", "json", "--out", folder,
                ]
                text = cube(path, threads, persons) if subsets else query(path, threads, persons)
                theirs_command = [sys.executable, "-c", text]
                ours, theirs = [], []
                for _ in range(runs):
                    ours.append(run(ours_command))
                    theirs.append(run(theirs_command))
                mine = statistics.median(seconds for seconds, _ in ours)
                other = statistics.median(seconds for seconds, _ in theirs) - startup
                print(
                    f"{os.path.basename(path)}, {what}: {mine:.2f} s, {max(m for _, m in ours):.0f} MiB;"
                    f" DuckDB {other:.2f} s, {max(m for _, m in theirs):.0f} MiB;"
                    f" {other / mine:.1f} times as fast",
                    flush=True,
                )

        # Last, for what it loads would count as memory of the processes that follow.
        inference(program, threads, files[0], folder)


main()

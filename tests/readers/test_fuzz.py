"""Damaged logs of every container: each is a run or one clear line, never a traceback. 2,600 inputs."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppo_doctor.adapters import logs, readers
from ppo_doctor.diagnose.engine import diagnose
from ppo_doctor.errors import UserError
from ppo_doctor.run import Run

DATA = Path(__file__).parents[1] / "data" / "logs"
KEPT = 1500
"""Bytes of a real log that a mutation starts from: enough for a header and some rows, and quick."""
MUTATIONS = 250
NASTY = [b"", b"\0", b"nan", b"inf", b"-1e999", b"\xff\xfe", b'"', b",", b";", b"\n", b"{", b"9" * 400, b"\x80" * 12]


def read(path: Path) -> Run | None:
    """The run in a file, None for a clear line. Whatever else is raised fails the test."""
    try:
        run = logs.read(logs.find(path)[0])
    except UserError:
        return None
    for series in run.all_series().values():
        assert len(series) == len(series.step)
    return run


def seeds() -> Iterator[tuple[str, bytes]]:
    """(name of the file, its first bytes) of a log in every container and of the most common formats."""
    yield "progress.csv", (DATA / "rl-046" / "progress.csv").read_bytes()
    yield "rllib.csv", (DATA / "rl-056" / "progress.csv").read_bytes()[:6000]
    yield "0.monitor.csv", (DATA / "rl-042" / "0.monitor.csv").read_bytes()
    yield "events.out.tfevents.1", next((DATA / "rl-004").glob("events*")).read_bytes()
    yield "ml.tfevents.1", next((DATA / "rl-022").glob("events*")).read_bytes()
    yield "out.txt", (DATA / "rl-047" / "seed_576.txt").read_bytes()
    yield "result.json", b'{"episode_reward_mean": 1.5, "timesteps_total": 10, "info": {"a": [1]}}\n' * 9
    yield "evaluations.npz", (DATA / "rl-042" / "evaluations.npz").read_bytes()


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """`data` with up to four damages: a byte changed, a piece cut out, doubled, moved, replaced, or the end lost."""
    for _ in range(rng.integers(1, 5)):
        start, end = sorted(rng.integers(0, len(data) + 1, 2).tolist())
        piece, nasty = data[start:end], NASTY[rng.integers(len(NASTY))]
        data = [
            data[:start] + bytes([rng.integers(256)]) + data[start + 1 :],
            data[:start] + data[min(end, start + 40) :],
            data[:end] + piece[:200] + data[end:],
            data[end:] + data[:end],
            data[:start] + nasty + data[start + len(nasty) :],
            data[:start] + nasty + data[start:],
            data[: max(start, 1)],
        ][rng.integers(7)]
    return data


@pytest.mark.parametrize(("name", "data"), list(seeds()), ids=[name for name, _ in seeds()])
def test_a_damaged_log_gives_a_run_or_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    rng = np.random.default_rng(len(name))
    data = data if name.endswith("npz") else data[:KEPT]
    runs = 0
    for k in range(MUTATIONS):
        damaged = mutated(data, rng)
        path = tmp_path / (name + ".gz" * (k % 10 == 9))
        path.write_bytes(gzip.compress(damaged, 1) if k % 10 == 9 else damaged)
        run = read(path)
        path.unlink()
        if run is not None:
            runs += 1
            if runs % 10 == 1:
                assert [one.reason for one in diagnose(run).outcomes if one.status == "crashed"] == []
    assert runs > 10 or name.endswith("npz"), "some damage is small, but archives have checksums"


COLUMNS = sorted({name for one in readers.names() for name in readers.load(one).columns if "*" not in name})
CELLS = st.one_of(
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(["", "nan", "inf", "None", "-", "1,5", "1_0", "\u0661"]),
)


@given(
    st.lists(
        st.sampled_from([*COLUMNS, "time/total_timesteps", "frames", "timesteps_total", "l", "t", "x"]), max_size=6
    ),
    st.lists(st.lists(CELLS, max_size=7), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=300, deadline=None)
def test_any_table_gives_a_run_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]], separator: str, encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    text = "".join(separator.join(row) + "\n" for row in [header, *rows])
    path.write_bytes(text.encode(encoding))
    read(path)


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.txt", "a.json", "a.tfevents.1", "a.npz", "a"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_run_or_one_line(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    read(path)


def test_there_are_two_thousand_inputs() -> None:
    assert MUTATIONS * len(list(itertools.chain(seeds()))) + 300 + 300 >= 2000

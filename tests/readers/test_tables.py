"""Containers of numbers: what is in them, and what is wrong with them, is read; nothing hostile gets far."""

from __future__ import annotations

import gzip
import io
import json
import math
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppo_doctor.adapters import beside, opening, table, tables, yaml
from ppo_doctor.adapters.tables import csv, events
from ppo_doctor.errors import UserError

NUMBERS = st.floats(width=32)


def values(path: Path, name: str) -> list[float]:
    return tables.read(path).columns[name].value.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("step,x\n1,2.5\n2,3.5\n", [2.5, 3.5]),
        ("step;x\n1;2,5\n2;1.003,5\n", [2.5, 1003.5]),
        ("step\tx\n1\t2.5\n2\t3.5\n", [2.5, 3.5]),
        ("\ufeffstep,x\n1,2.5\n2,3.5\n", [2.5, 3.5]),
        ("step,x\r\n1,2.5\r\n2,3.5\r\n", [2.5, 3.5]),
        ('"step","x"\n1,"2.5"\n2,"3.5"\n', [2.5, 3.5]),
        ("step,x\n1,2.5\nstep,x\n2,3.5\n", [2.5, 3.5]),
        ("step,x\n1,\n2,3.5\n3\n4,5.5,6.5\n\n", [3.5, 5.5]),
        ("step,x\n1,None\n2,N/A\n3,True\n4,word\n5,1e3\n", [1.0, 1000.0]),
        ("#{}\nstep,x\n1,2.5\n2,3.5\n3,4.", [2.5, 3.5]),
        ("step,x\n1,inf\n2,-Infinity\n", [math.inf, -math.inf]),
    ],
    ids=lambda one: None if isinstance(one, list) else repr(one[:12]),
)
def test_csv_in_its_varieties(tmp_path: Path, text: str, expected: list[float]) -> None:
    (tmp_path / "x.csv").write_bytes(text.encode())
    assert values(tmp_path / "x.csv", "x") == expected
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert values(tmp_path / "x.csv.gz", "x") == expected
    (tmp_path / "wide.csv").write_bytes(text.lstrip("\ufeff").encode("utf-16"))
    assert values(tmp_path / "wide.csv", "x") == expected


def test_what_is_wrong_with_a_csv_is_noted(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("step,x\n1,2,3\n2,3\n4,5")
    notes = tables.read(tmp_path / "x.csv").notes
    assert any("1 rows have more or fewer cells" in note for note in notes)
    assert any("last line is not finished" in note for note in notes)


def test_a_gzip_cut_short_keeps_what_came_before(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    text = "step,x\n" + "".join(f"{k},{x}\n" for k, x in enumerate(rng.normal(size=5000).tolist()))
    whole = gzip.compress(text.encode())
    (tmp_path / "x.csv.gz").write_bytes(whole[: len(whole) // 2])
    assert 1000 < len(values(tmp_path / "x.csv.gz", "x")) < 5000


def test_a_long_csv_is_sampled_evenly_and_keeps_what_is_not_finite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv, "MOST_ROWS", 1000)
    rows = (f"{k},{'nan' if k == 7777 else k / 2},{k if k % 10 == 5 else ''}\n" for k in range(20_000))
    (tmp_path / "x.csv").write_text("step,x,rare\n" + "".join(rows))
    found = tables.read(tmp_path / "x.csv")
    x, rare = found.columns["x"], found.columns["rare"]
    assert 700 < len(x.value) < 1400  # a thousand expected
    assert 15 <= x.stride <= 25
    assert np.isnan(x.value).sum() == 1
    assert len(rare.value) > 50, "a share of a sparse column too"
    assert abs(np.median(found.columns["step"].value) - 10_000) < 1000  # four standard deviations


@given(st.lists(NUMBERS, max_size=300), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_growing_column_is_bounded_and_in_order(numbers: list[float], chunk: int) -> None:
    grown, most = table.Growing(), 16
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "MOST_POINTS", most)
        for start in range(0, len(numbers), chunk):
            part = numbers[start : start + chunk]
            grown.extend(range(start, start + len(part)), part)
    column = grown.done()
    assert len(column.row) <= 2 * most + chunk
    assert np.all(np.diff(column.row) > 0)
    np.testing.assert_array_equal(column.value, np.array(numbers, np.float64)[column.row])
    if len(numbers) < 2 * most:
        assert len(column.row) == len(numbers)


@given(st.lists(st.tuples(st.integers(0, 2**40), st.sampled_from(["a/b", "é"]), NUMBERS), max_size=20))
@settings(max_examples=40, deadline=None)
def test_events_are_read_as_tensorboard_reads_them(
    tmp_path_factory: pytest.TempPathFactory, points: list[tuple[int, str, float]]
) -> None:
    event_pb2 = pytest.importorskip("tensorboard.compat.proto.event_pb2")
    summary_pb2 = pytest.importorskip("tensorboard.compat.proto.summary_pb2")
    util = pytest.importorskip("tensorboard.util.tensor_util")
    record = pytest.importorskip("tensorboard.summary.writer.record_writer")
    stream = io.BytesIO()
    writer = record.RecordWriter(stream)
    for k, (step, tag, value) in enumerate(points):
        made = [
            summary_pb2.Summary.Value(tag=tag, simple_value=value),
            summary_pb2.Summary.Value(tag=tag, tensor=util.make_tensor_proto(np.float32(value))),
            summary_pb2.Summary.Value(tag=tag, tensor=util.make_tensor_proto(np.float64(value))),
        ][k % 3]
        event = event_pb2.Event(wall_time=1.0, step=step, summary=summary_pb2.Summary(value=[made]))
        writer.write(event.SerializeToString())
    found = list(_events(stream.getvalue()))
    assert [one[:2] for one in found] == [one[:2] for one in points]
    np.testing.assert_array_equal([one[2] for one in found], [one[2] for one in points])


def _events(data: bytes) -> list[tuple[int, str, float | str]]:
    return [one for record in events.records(io.BytesIO(data)) for one in events.scalars(record)]


def test_tensors_of_integers_and_texts_are_read_too() -> None:
    event_pb2 = pytest.importorskip("tensorboard.compat.proto.event_pb2")
    summary_pb2 = pytest.importorskip("tensorboard.compat.proto.summary_pb2")
    util = pytest.importorskip("tensorboard.util.tensor_util")
    for value, expected in ((np.int64(-3), -3.0), (np.int32(7), 7.0), (b"|a|1|", "|a|1|"), (np.ones(2), None)):
        made = summary_pb2.Summary.Value(tag="x", tensor=util.make_tensor_proto(value))
        event = event_pb2.Event(step=5, summary=summary_pb2.Summary(value=[made]))
        found = [one[2] for one in events.scalars(memoryview(event.SerializeToString()))]
        assert found == ([] if expected is None else [expected])


def test_events_cut_short_keep_what_came_before(tmp_path: Path) -> None:
    source = next((Path(__file__).parents[1] / "data" / "logs" / "rl-004").glob("events*"))
    (tmp_path / "events.out.tfevents.1").write_bytes(source.read_bytes()[:100_000])
    found = tables.read(tmp_path / "events.out.tfevents.1")
    assert 100 < len(found.columns["rollout/ep_rew_mean"].value) < 245
    assert "damaged or cut short after record" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": {"b": 1}}\n{"a": {"b": 2}}\n', [1.0, 2.0]),
        ('{"a": {"b": NaN}}\n{"a": {"b": null}}\nhalf {\n{"a": {"b": true}}', [math.nan, 1.0]),
        ('[{"a": {"b": 1}}, {"a": {"b": 2}}]', [1.0, 2.0]),
        ('{\n "a": {"b": 1}\n}', [1.0]),
        ('{"a": {"b": 1' + "0" * 400 + "}}\n", [math.inf]),
    ],
    ids=["lines", "bad lines", "a list", "one object", "a huge integer"],
)
def test_json_in_its_varieties(tmp_path: Path, text: str, expected: list[float]) -> None:
    (tmp_path / "result.json").write_text(text)
    np.testing.assert_array_equal(values(tmp_path / "result.json", "a/b"), expected)


def test_boxes_of_both_stable_baselines_are_read(tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text(
        "Using cpu\n-----------------\n| rollout/ |     |\n|    ep_rew_mean | 1.5 |\n| time/ | |\n|    fps | 9 |\n"
        "-----------------\nword: word\n-----------------\n| rollout/ | |\n|    ep_rew_mean | 2.5 |\n------------\n"
    )
    assert values(tmp_path / "out.txt", "rollout/ep_rew_mean") == [1.5, 2.5]
    assert values(tmp_path / "out.txt", "time/fps") == [9.0]


# ---------------------------------------------------------------------------------------------------------- hostility


class Evil:
    def __reduce__(self) -> tuple[Callable, tuple]:
        return os.system, ("touch /tmp/ppo-doctor-was-here",)


def zip_of(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("_dot_", "."), data)
    return path


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def gzip_bomb(path: Path) -> None:
    (path / "x.csv.gz").write_bytes(gzip.compress(b"step,x\n" + b"1,0.000000000\n" * 200_000))


def pickled_array(path: Path) -> None:
    zip_of(path / "x.npz", timesteps_dot_npy=npy(np.arange(3)), results_dot_npy=npy(np.array([Evil()] * 3)))


def npz_bomb(path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    zip_of(path / "x.npz", timesteps_dot_npy=header.getvalue())


def pickle_file(path: Path) -> None:
    (path / "x.csv").write_bytes(pickle.dumps(Evil()))


def million_columns(path: Path) -> None:
    (path / "x.csv").write_text(",".join(map(str, range(1_000_000))) + "\n1\n")


def long_line(path: Path) -> None:
    (path / "x.csv").write_bytes(b"x" * (opening.LONGEST_LINE + 10))


def loop(path: Path) -> None:
    (path / "x.csv").symlink_to(path / "y.csv")
    (path / "y.csv").symlink_to(path / "x.csv")


def pipe(path: Path) -> None:
    os.mkfifo(path / "x.csv")


def empty(path: Path) -> None:
    (path / "x.csv").write_bytes(b"")


def header_only(path: Path) -> None:
    (path / "x.csv").write_text("step,x\n")


def deep_json(path: Path) -> None:
    (path / "x.json").write_text("[" * 100_000)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (gzip_bomb, "expands more than 200 times"),
        (pickled_array, "never loaded"),
        (npz_bomb, "claims the shape"),
        (pickle_file, "no numbers"),
        (million_columns, "1000000 columns"),
        (long_line, "not a log"),
        (loop, "cannot read"),
        (pipe, "is not a file"),
        (empty, "it is empty"),
        (header_only, "no numbers yet"),
        (deep_json, "is not JSON"),
    ],
)
def test_a_hostile_file_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], expected: str
) -> None:
    monkeypatch.setattr(opening, "FREE", 1 << 20)
    make(tmp_path)
    with pytest.raises(UserError, match=expected):
        tables.read(min(tmp_path.iterdir()))
    assert not Path("/tmp/ppo-doctor-was-here").exists()


def test_a_hostile_model_beside_a_log_is_passed_over(tmp_path: Path) -> None:
    bomb = json.dumps({"policy_class": {}, "gamma": 0.9, "x": "0" * (beside.LARGEST + 1)}).encode()
    zip_of(tmp_path / "a.zip", data=bomb)
    zip_of(tmp_path / "b.zip", **{"..": pickle.dumps(Evil())})
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04 nothing")
    good = {"policy_class": {":serialized:": "gASV"}, "gamma": 0.5, "clip_range": {":serialized:": "gASV"}}
    zip_of(tmp_path / "d.zip", data=json.dumps(good).encode())
    found, where = beside.settings(tmp_path)
    assert found == {"gamma": 0.5}
    assert [Path(one).name for one in where] == ["d.zip"]


def test_an_archive_writes_no_file_wherever_its_names_point(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    steps = npy(np.arange(3))
    zip_of(folder / "evaluations.npz", timesteps_dot_npy=steps, **{"../../results.npy": npy(np.ones((3, 2)))})
    assert set(tables.read(folder / "evaluations.npz").columns) == {"../../results"}
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "evaluations.npz"]


# ----------------------------------------------------------------------------------------------------------- settings


def test_the_zoos_yaml_of_pairs_is_read_without_running_its_tags() -> None:
    text = "!!python/object/apply:collections.OrderedDict\n- - - batch_size\n    - 64\n  - - ent_coef\n    - 0.01\n"
    text += "  - - learning_rate\n    - lin_0.0003\n  - - normalize\n    - true\n"
    assert yaml.flat(text) == {"batch_size": 64, "ent_coef": 0.01, "learning_rate": "lin_0.0003", "normalize": 1.0}


def test_nested_yaml_is_read_by_path() -> None:
    text = "behaviors:\n  Agent: # who\n    hyperparameters:\n      batch_size: 1024\n      beta: 5.0e-3\n"
    text += "    max_steps: 5e5\n"
    text += "name: 'x y'\nlist: [1, 2]\non: yes\n"
    assert yaml.flat(text) == {
        "behaviors/Agent/hyperparameters/batch_size": 1024,
        "behaviors/Agent/hyperparameters/beta": 0.005,
        "behaviors/Agent/max_steps": 500_000,
        "name": "x y",
        "on": 1.0,
    }


@given(st.text(alphabet=" -:#!&'\"ab1.\n", max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_yaml_raises(text: str) -> None:
    assert all(isinstance(value, float | str) for value in yaml.flat(text).values())

"""The Standard Workload Format reader: its rules, and what it says about files that are not what they should be."""

import gzip

import numpy as np
import pytest

from ppo_doctor.errors import UserError
from ppo_doctor.train import swf

HEADER = "; Version: 2.2\n; MaxNodes: 338 (batch partition; 512 total)\n"


def line(number, submit, run, allocated, requested=-1, request=-1):
    return f"{number} {submit} -1 {run} {allocated} 1.50 -1 {requested} {request} -1 1 1 1 -1 1 1 -1 -1\n"


def write(path, *lines, header=HEADER):
    path.write_text(header + "".join(lines))
    return path


def test_fields_follow_the_rules(tmp_path):
    """Size max(allocated, requested); request -1 is the run; run -1 is 10; run 0 and size -1 are dropped; sorted."""
    path = write(
        tmp_path / "a.swf",
        line(1, 50, 100, 4, 8, 600),
        line(2, 60, -1, 4, -1, 30),
        line(3, 70, 0, 4),
        line(4, 40, 20, 16),
        line(5, 80, 20, -1, -1),
        line(6, 90, 20, 512),
        "\n",
    )
    jobs = swf.read(path)
    assert jobs.processors == 338
    assert jobs.submit.tolist() == [40, 50, 60]
    assert jobs.run.tolist() == [20, 100, 10]
    assert jobs.request.tolist() == [20, 600, 30]
    assert jobs.procs.tolist() == [16, 8, 4]
    assert list(jobs.dropped.values()) == [1, 1, 1]


def test_gzip_and_plain_text_are_the_same(tmp_path):
    plain = write(tmp_path / "a.swf", line(1, 0, 5, 1))
    packed = tmp_path / "a.swf.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert swf.read(plain).submit.tolist() == swf.read(packed).submit.tolist()


def test_max_procs_goes_before_max_nodes(tmp_path):
    path = write(tmp_path / "a.swf", line(1, 0, 5, 1), header="; MaxNodes: 4\n;MaxProcs: 16\n")
    assert swf.read(path).processors == 16
    assert swf.read(path, processors=32).processors == 32


@pytest.mark.parametrize(
    ("name", "jobs", "processors", "procs_1"),
    [("lublin-1", 10_000, 256, 0.25), ("lublin-2", 10_000, 256, 0.17), ("ctc", 77_205, 338, 0.42)],
)
def test_the_traces_in_the_repository(name, jobs, processors, procs_1):
    trace = swf.read(swf.locate(name))
    assert (len(trace), trace.processors) == (jobs, processors)
    assert (np.diff(trace.submit) >= 0).all()
    assert np.mean(trace.procs == 1) == pytest.approx(procs_1, abs=0.01)
    assert trace.run.min() >= 1
    assert trace.request.min() >= 1


def message(path, **params):
    with pytest.raises(UserError) as error:
        swf.read(path, **params)
    text = str(error.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def test_a_malformed_line_is_named(tmp_path):
    good = line(1, 0, 5, 1)
    assert "line 4: 3 fields" in message(write(tmp_path / "short.swf", good, "2 10 -1\n"))
    assert "line 4: field 2 is 'ten'" in message(write(tmp_path / "word.swf", good, line(2, "ten", 5, 1)))
    assert "line 3" in message(write(tmp_path / "nan.swf", line(1, "nan", 5, 1)))
    assert "line 3" in message(write(tmp_path / "negative.swf", line(1, -7, 5, 1)))


def test_other_files_get_one_clear_line(tmp_path):
    whole = gzip.compress(write(tmp_path / "a.swf", *(line(i, i, 5, 1) for i in range(99))).read_bytes())
    cut = tmp_path / "cut.swf.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    assert "truncated" in message(cut)
    damaged = tmp_path / "damaged.swf.gz"
    damaged.write_bytes(whole[:30] + b"\x00\xff\x00\xff" + whole[34:])
    assert "damaged" in message(damaged)
    assert "no job lines" in message(write(tmp_path / "empty.swf"))
    assert "cannot be read" in message(tmp_path / "absent.swf")
    assert "cannot be read" in message(tmp_path)
    assert "MaxProcs" in message(write(tmp_path / "headless.swf", line(1, 0, 5, 1), header="; Version: 2\n"))
    assert "no job is left" in message(write(tmp_path / "cancelled.swf", line(1, 0, 0, 1)))
    assert "too long" in message(write(tmp_path / "long.swf", line(1, 2**40, 5, 1)))


def test_a_missing_trace_says_where_to_put_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PPO_DOCTOR_DATA", str(tmp_path))
    with pytest.raises(UserError, match="set PPO_DOCTOR_DATA"):
        swf.locate("ctc")
    with pytest.raises(UserError, match="give a path"):
        swf.locate("nowhere.swf")

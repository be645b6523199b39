"""A log of a million rows is diagnosed in bounded time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS, MEGABYTES = 10.0, 500.0
CODE = """
import json, resource, sys, time
from ppo_doctor.cli import main
status = main(["diagnose", sys.argv[1], "--json"])
usage = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as lines:  # ru_maxrss would begin with the size of whoever forked us
    (peak,) = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
print(json.dumps([status, usage.ru_utime + usage.ru_stime, peak / 1024]), file=sys.stderr)
"""


@pytest.mark.slow
def test_a_million_rows_take_ten_seconds_and_half_a_gigabyte(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "data" / "logs" / "rl-046" / "progress.csv"
    header, _, *rows = source.read_text().splitlines()
    column = header.split(",").index("time/total_timesteps")
    split = [row.split(",") for row in rows]
    with (tmp_path / "progress.csv").open("w") as file:
        file.write(header + "\n")
        for k in range(1_000_000):
            cells = split[k % len(split)]
            file.write(",".join([*cells[:column], str(2048 * (k + 1)), *cells[column + 1 :]]) + "\n")
    words = [sys.executable, "-c", CODE, str(tmp_path / "progress.csv")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    status, seconds, megabytes = json.loads(done.stderr.splitlines()[-1])
    assert json.loads(done.stdout)["run"]["last_step"] > 0.99 * 2048e6
    assert status in (0, 1)
    assert seconds < SECONDS  # of processor time: other programs may keep the cores busy
    assert megabytes < MEGABYTES

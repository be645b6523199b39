"""Fault: WFP3 and UNICEP of `batch_jobs` read a waiting time that was never set.

In the simulator behind RLScheduler's published tables a waiting job's start time is still -1 when these two
heuristics compute "start - submission": their waiting time is minus the submission time, one second less. Old jobs
then look younger than new ones, long ones more urgent than short ones, and the ranking no longer depends on the clock.
The published slowdowns of the two (Lublin-1: 19753 and 22275) follow from it; the corrected ones, in
`baselines.batch_jobs`, reach 337 and 382.
"""

from __future__ import annotations

import numpy as np

from ppo_doctor.train.baselines.batch_jobs import TINY, ByRank, by_rank
from ppo_doctor.train.config import Config
from ppo_doctor.train.env import AbstractEnv
from ppo_doctor.train.envs.batch_jobs import BatchJobs
from ppo_doctor.train.fault import Fault


def policies(env: BatchJobs) -> dict[str, ByRank]:
    """The two faulty heuristics."""
    return {"wfp3": by_rank(env, _wfp3), "unicep": by_rank(env, _unicep)}


def _unset(submit: np.ndarray) -> np.ndarray:
    return -1.0 - submit


def _wfp3(submit: np.ndarray, procs: np.ndarray, request: np.ndarray) -> np.ndarray:
    return -((_unset(submit) / request) ** 3) * procs


def _unicep(submit: np.ndarray, procs: np.ndarray, request: np.ndarray) -> np.ndarray:
    return -(_unset(submit) + TINY) / (np.log2(procs + TINY) * request)


def _suits(env: AbstractEnv, config: Config) -> bool:
    del config
    return isinstance(env, BatchJobs)


FAULT = Fault(
    cause="metric-wrong",
    kind="evaluation",
    what="two of the heuristics that the policy is compared with read a waiting time that was never set",
    suits=_suits,
    baselines=lambda env, strength: policies(env),
)

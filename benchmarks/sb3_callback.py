"""What the callback costs: pairs of equal trainings, with and without it, alternating, in CPU seconds of one thread.

python benchmarks/sb3_callback.py [PAIRS] [STEPS]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from stable_baselines3 import PPO

from ppo_doctor.adapters.sb3 import Doctor

SIZES = {"CartPole, default MLP": [64, 64], "CartPole, MLP 256-256": [256, 256]}


def seconds(layers: list[int], steps: int, callback: Doctor | None) -> float:
    model = PPO("MlpPolicy", "CartPole-v1", policy_kwargs={"net_arch": layers}, device="cpu", seed=0)
    begin = time.process_time()
    model.learn(steps, callback=callback)
    return time.process_time() - begin


def main() -> None:
    torch.set_num_threads(1)
    pairs, steps = (int(word) for word in (*sys.argv[1:], *("5", "20480")[len(sys.argv) - 1 :]))
    for title, layers in SIZES.items():
        seconds(layers, 2048, None)  # warm-up
        ratios = []
        for pair in range(pairs):
            with tempfile.TemporaryDirectory() as folder:
                doctor = Doctor(Path(folder) / "run", say=lambda line: None)
                order = (doctor, None) if pair % 2 else (None, doctor)
                took = {one is not None: seconds(layers, steps, one) for one in order}
            ratios.append(took[True] / took[False] - 1)
        every = ", ".join(f"{ratio:+.1%}" for ratio in ratios)
        print(f"{title}: {statistics.median(ratios):+.1%} (median of {pairs} pairs: {every})", flush=True)


if __name__ == "__main__":
    main()

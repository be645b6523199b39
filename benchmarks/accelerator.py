"""Many seeds as one vmapped program on an accelerator: configuration C, every signal. Prints one JSON line.

`python accelerator.py [SEEDS [UPDATES]]`; without an accelerator it says so and exits 1.
"""

import json
import sys
import time
from statistics import median

import jax

import rows
from ppo_doctor.train import envs, ppo, stacked


def main() -> None:
    device = jax.devices()[0]
    if device.platform == "cpu" and len(sys.argv) == 1:
        sys.exit("no accelerator")
    seeds, updates = (int(x) for x in (sys.argv[1:] + ["256", "20"][len(sys.argv) - 1 :])[:2])
    env, config = envs.make("cartpole"), rows.our_config(rows.SHAPES["C"], True)
    learners = stacked.stack([ppo.init(config, env, seed) for seed in range(seeds)])
    update = stacked.compiled(config)
    begin = time.perf_counter()
    learners, _ = jax.block_until_ready(update(env, learners))
    compile_s, rates = time.perf_counter() - begin, []
    for _ in range(3):
        begin = time.perf_counter()
        for _ in range(updates):
            learners, packed = update(env, learners)
        jax.block_until_ready((learners, packed))
        rates.append(seeds * updates * config.rollout_rows / (time.perf_counter() - begin))
    result = {"device": device.device_kind, "seeds": seeds, "steps_per_second": median(rates), "rates": rates}
    result |= {"compile_s": compile_s, "mean_return": float(packed["mean_ep_return"].mean())}
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()

"""Stable-Baselines3's PPO, and MaskablePPO, under observation while they train. Two lines in a script:

from ppo_doctor.adapters.sb3 import Doctor

model.learn(100_000, callback=Doctor())
"""

from ppo_doctor.adapters.sb3.callback import Doctor

__all__ = ["Doctor"]

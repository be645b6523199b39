"""ppo-doctor: train PPO, see why a run does not learn, prove the cause, cure it, prove the cure.

Importing this package loads neither JAX nor torch; `ppo_doctor.train` does.
"""

__version__ = "0.1.0"

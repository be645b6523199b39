"""The compiled PPO trainer. Everything below this package may import JAX; it never imports `ppo_doctor.diagnose`."""

"""What trials measure: the run trained again with one thing changed, over paired seeds."""

from __future__ import annotations

_GAIN = (
    "lower end of the one-sided 95 % interval (Student, over seeds) of the return that training again with {} gains "
    "(alone, or beside other settings put back if they help together only), in units of how far the farther of the two "
    "is from random play"
)
_CHANGES = {
    "higher_learning_rate": "a usual, higher learning rate",
    "lower_learning_rate": "a usual, lower learning rate",
    "wider_clip": "a usual, wider clip range",
    "narrower_clip": "a usual, narrower clip range",
    "smaller_entropy_bonus": "no entropy bonus",
    "higher_discount": "a usual, higher discount",
    "lower_discount": "a usual, lower discount",
    "smaller_value_coef": "a usual, smaller value coefficient",
    "lower_temperature": "a sampling temperature of one",
    "faster_critic": "a critic of the actor's learning rate",
    "usual_deviation": "a usual initial standard deviation",
    "smaller_epsilon": "a usual, smaller epsilon of Adam",
    "fewer_epochs": "a usual, smaller number of epochs",
    "without_target_kl": "no target KL",
    "without_value_clip": "no value clip",
    "usual_initial_weights": "initial weights of the usual scale",
    "smaller_batch": "four minibatches a pass",
    "longer_rollout": "longer rollouts",
    "usual_widths": "hidden layers of a usual width",
    "longer_training": "twice the steps or more",
    "reference_learner": "a learner known to be right, with the same settings",
}
TRIALS = {f"trial_gain_{name}": ("share", _GAIN.format(change)) for name, change in _CHANGES.items()}
"""Rows of the vocabulary."""

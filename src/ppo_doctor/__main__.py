"""`python -m ppo_doctor` is `ppo-doctor`."""

import sys

from ppo_doctor.cli import main

if __name__ == "__main__":
    sys.exit(main())

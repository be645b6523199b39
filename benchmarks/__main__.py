"""`python -m benchmarks`: see `speed.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the workers run as scripts: siblings import each other by bare name

import speed

speed.main()

"""Types that several layers share."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Progress = Callable[[int, int], None]
"""Called with the number of steps done and the number of all."""

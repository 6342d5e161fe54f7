"""Another published study: five experts on errors of a flight crew, all of whose eight seeds are on logarithmic scales.

From the same data base as `tests.statistics.tobacco`; the questions that the study was about are left out.
"""

import numpy as np

from toc_model.statistics.pooling import Study, study

TRUE = {
    "fires": 3.667,
    "unstable_approaches": 5.26,
    "impairments": 0.0567,
    "large_jets": 10840.0,
    "passengers": 2.699e6,
    "reports": 52.0,
    "hard_landings": 5.4,
    "shutdowns": 2e-6,
}
EXPERTS = ("C", "A", "D", "B", "E")
SAID = """
10 50 500; 20 50 100; 2 5 10; 1e4 2.5e4 4e4; 3e7 4.5e7 6e7; 12 26 52; 0.2 2 5; 1e-6 5e-6 1e-4

5 500 5000; 5 20 200; 0.01 1 100; 4e3 8e3 2e4; 3e5 1e6 1.8e6; 11 80 500; 0.01 0.0357143 0.1; 5e-5 2.5e-4 1e-3

15 35 75; 10 25 60; 0.003 0.02 0.06; 9e3 1e4 1.5e4; 2.5e6 4.2e6 7.5e6; 50 300 500; 0.1 0.5 0.8; 1e-6 1e-4 1e-3

2.5 25 250; 1 10 100; 0.0025 0.025 0.25; 7.5e3 1.5e4 2e4; 1e6 2.5e6 5e6; 10 100 1000; 0.025 0.1 0.25; 1e-7 1e-6 1e-5

45 133 1000; 2 10 100; 4.4e-4 4.4e-3 4.4e-2; 1.25e4 1.5e4 1.75e4; 5e6 8.075e6 1.2e7; 40 80 120; 0.001 0.003 0.01;
5.6e-6 1.7e-5 3.3e-5
"""
"""An expert after another; of each all seeds, and of each of these the 5, 50 and 95 % quantiles."""


def cockpit() -> Study:
    """The study."""
    said = [[one.split() for one in expert.split(";")] for expert in SAID.strip().split("\n\n")]
    return study(np.array(said, float), list(TRUE.values()), log_scale=True, experts=EXPERTS, items=tuple(TRUE))

"""A study with ten seeds whose scores are published: seven experts on tobacco control in Pennsylvania.

Quantiles and realisations are those of the data base of TU Delft, deposited with 't Hart, C. M. P., Leontaris, G. and
Morales-Nápoles, O. (2019), Update (1.1) to ANDURIL: ANDURYL, SoftwareX 10, 100295 (doi:10.17632/tp5sp4gcd5.1).
"""

import numpy as np

from toc_model.statistics.pooling import Study, study

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
TRUE = {
    "advertising": 13.11,
    "discounts": 77.3,
    "sales_to_minors": 7.0,
    "drop_after_2002": 74.28,
    "smokers_of_low_income": 34.0,
    "smoking_pa_nj": 1.26,
    "cancer_pa_usa": 1.2,
    "uninsured_pa_usa": 0.777,
    "smoking_uninsured": 1.83,
    "funding_2008": 21.3,
}
"""What came true of the first ten questions; eleven more are those that the study was about."""
TARGETS = tuple(f"target_{number}" for number in range(1, 12))
ITEMS = (*TRUE, *TARGETS)
EXPERTS = tuple(f"Ex{number}" for number in range(1, 8))
SAID = """
5 12 25 35 50; 2 7 10 11 12; 5 8 10 15 20; 10 25 40 50 60; 20 35 50 60 75; 1 1.1 1.25 1.4 1.8; 1 1.2 1.3 1.4
1.5; 0.5 0.75 1 1.1 1.25; 0.8 1 1.5 1.6 1.8; 40 45 55 60 65; 25 30 35 40 50; 45 50 60 65 70; 10 20 30 40 50;
18 19 22 23 25; 25 28 33 34 36; 15 18 19 21 23; 20 23 25 28 30; 18 25 28 30 35; 20 29 35 38 40; 18 20 22 25
28; 25 28 32 35 38

1 5 10 15 25; 5 10 15 20 25; 1 3 5 7 10; 50 60 85 90 100; 10 20 30 50 60; 1 1.1 1.11 1.14 1.2; 1 1.1 1.2 1.3
1.5; 0.33 0.4 0.5 0.67 1; 1 1.5 2 2.5 3; 25 30 50 60 75; 20 25 30 35 40; 30 40 50 60 70; 20 25 30 35 40; 10
15 20 25 30; 20 25 30 35 40; 5 10 15 20 25; 10 15 20 25 30; 18 20 22 25 27; 15 20 25 30 35; 5 10 15 20 25;
15 18 20 25 30

2 4 6 8 10; 8 17 25 38 40; 4 7 11 14 16; 10 25 35 45 55; 15 27 30 40 45; 0.3 0.4 0.5 1.5 2; 0.75 0.8 1 1.35
2; 0.5 0.6 0.75 0.85 1; 1.03 1.1 1.15 1.35 1.5; 20 45 60 75 80; 10 23 30 37 40; 15 25 30 40 60; 15 25 30 40
60; 10 15 22 29 35; 15 25 30 38 45; 10 12.5 15 20 25; 12 15 18 22 26; 15 21 26 28 33; 20 25 30 35 40; 8 14
18 21 23; 10 15 21 23 26

1 11 15 100 200; 3 15 25 30 37; 3 5 7 10 15; 30 50 75 82 90; 20 30 35 42 48; 0.8 1 1.3 1.4 1.5; 0.7 1 1.1
1.3 1.4; 0.5 0.6 0.7 1 1.1; 0.98 1.1 1.2 1.3 1.5; 45 50 60 70 85; 30 35 40 50 55; 30 40 50 65 80; 0 10 25 30
40; 17 18 21 22 23; 21 25 28 32 38; 7 12 15 20 25; 21 30 35 37 40; 11 15 18 22 26; 15 20 25 26 28; 6 7 8 12
15; 20 30 35 38 40

500 550 600 750 1000; 0 25 50 75 100; 6 7 8 9 11; 0 25 50 75 100; 27 29 33 34 35; 0.75 0.813 0.875 0.938 1;
1 1.1 1.25 1.3 1.5; 0.6 0.667 0.733 0.8 0.867; 1 1.25 1.5 1.75 2; 40 45 50 55 60; 40 45 50 55 60; 40 45 50
55 60; 40 45 50 55 60; 19 20 21 22 23; 19 20 21 22 23; 13 14 15 16 17; 15 16 17 18 19; 15 16 17 18 19; 15 16
17 18 19; 8 9 10 11 12; 8 9 10 11 12

1 2.3 2.8 3.1 3.4; 0 2 4 7 10; 3 13 17 19 20; 50 60 73 80 90; 15 23 32 41 45; 0.75 0.83 0.9 1.3 2; 0.87 0.97
1 1.1 1.3; 0.64 0.71 0.8 0.914 1.067; 0.67 0.85 1 1.2 1.5; 19 20 21 23 26; 19 20 21 23 26; 15 20 25 35 45;
10 15 20 30 40; 10 20 23 28 30; 15 25 27 33 35; 10 13 19 23 35; 13 16 22 26 38; 15 16 17 23 30; 19 20 21 27
34; 11 13 14 16 20; 13 15 16 18 22

1 4 7 10 15; 0 10 20 30 100; 4 5 7 9 10; 1 85 90 95 100; 20 22 32 36 40; 0.5 0.75 1 1.25 1.5; 1.1 1.2 1.3
1.4 1.5; 0.5 0.7 0.8 0.9 1; 1 1.2 1.4 1.6 1.8; 15 20 25 30 50; 5 10 15 20 40; 20 30 35 40 60; 15 20 25 30
50; 15 18 21 24 25; 22 23 25 27 28; 13 16 18 20 23; 15 18 21 24 25; 14 15 17.5 19 20; 18 20 22 25 27; 10
12.5 14.5 17.5 22; 11 13.5 15.5 18.5 21
"""
"""An expert after another; of each all questions, and of each of these the quantiles."""


def answers() -> np.ndarray:
    """Quantiles, of shape (experts, items, levels)."""
    return np.array([[one.split() for one in expert.split(";")] for expert in SAID.strip().split("\n\n")], float)


def tobacco() -> Study:
    """The study."""
    true = [*TRUE.values(), *(np.nan for _ in TARGETS)]
    return study(answers(), true, LEVELS, experts=EXPERTS, items=ITEMS)

"""What the model leaves out, in words."""

LEAVES_OUT = "no government, misuse or benefit of faster AI is modelled"

LIMITS = (
    (
        "No government, no misuse",
        "Neither policy nor deliberate misuse of AI is modelled, and no benefit of faster AI.",
    ),
    ("One event", "AGI is one event with one date, developed by leaders whom one laggard may overtake."),
    ("Exchangeable work", "All interventions of a kind are alike; no project, lab or person is told apart."),
    (
        "Independent beliefs",
        (
            "Parameters are drawn independently of each other, unless a worldview states a correlation or the draws "
            "are those of a posterior."
        ),
    ),
    (
        "The graph is taken as given",
        (
            "Intervals hold the uncertainty about parameters. That an arrow may be missing, or a formula have "
            "another shape, is in none of them; denied claims and closed channels show a part of it."
        ),
    ),
)

REMARKS = {
    "channels": (
        (
            "Those who buy time may bring more than time: labs that adopt what is known, or deploy less of what is "
            "unsafe. It costs research, and labs that wait may be overtaken."
        ),
        (
            "The essay worldview was tuned until more than half of the fall came from bought time: that it does is a "
            "check of consistency and no evidence for the essay. Under the neutral worldview adoption and deployment "
            "dominate."
        ),
    ),
}
"""Sentences that questions add to their own."""

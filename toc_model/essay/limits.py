"""What the model leaves out, in words."""

LEAVES_OUT = "no government, misuse or benefit of faster AI is modelled"

LIMITS = (
    (
        "Assumptions",
        "Most gains and elasticities rest on assumption; each belief says whether it does.",
    ),
    (
        "No government, no misuse",
        (
            "Neither policy nor deliberate misuse of AI is modelled, no grab for power, and no benefit of faster AI; "
            "what a year of delay costs is a choice, beside which the break-even stands."
        ),
    ),
    ("One event", "AGI is one event with one date, developed by leaders whom one laggard may overtake."),
    ("Exchangeable work", "All interventions of a kind are alike; no project, lab or person is told apart."),
    (
        "Audience and lead",
        (
            "The audience is taken to grow as the field does, so that reach does not change with its growth; "
            "publishing less does not lengthen the leaders' lead; what a pause finds does not reach a less cautious "
            "actor; years gained before a withheld system is released later earn nothing."
        ),
    ),
    (
        "Short pauses",
        (
            "Under the base a pause is expected to last a hundredth of a year, so that it works by withholding and not "
            "by its length; at the date of 2026 a longer pause does harm under the base."
        ),
    ),
    (
        "What trades off",
        (
            "Concern gain, half effort and productivity trade off, as do detection, heeding and the length of a pause: "
            "elicit what follows from them (concern under two allocations, the probability and length of a pause) "
            "where you can."
        ),
    ),
    (
        "Camps",
        (
            "A camp is the base conditioned on what its members say of P(doom). The base explains a low P(doom) mostly "
            "by easy alignment; members may have other reasons. Its interval is between members, not one member's "
            "doubt."
        ),
    ),
    (
        "Beliefs that go together",
        (
            "Parameters that share a factor vary together; all others are drawn independently of each other, unless a "
            "worldview states a correlation or the draws are those of a posterior."
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
    "run": (
        (
            "Most gains and elasticities rest on assumption. The base explains a low P(doom) mostly by easy alignment, "
            "and so do the camps that condition it; under it a pause works by withholding and not by its length."
        ),
    ),
    "channels": (
        (
            "Those who buy time may bring more than time: labs that adopt what is known, or deploy less of what is "
            "unsafe. It costs research, and labs that wait may be overtaken."
        ),
        (
            "The two channels of time leave out the lead that waiting costs, which stands under race and lead. With "
            "that counted too, as if no time could be bought at all, time carries about half of the fall under the "
            "essay worldview, costs more than a quarter of it under the base, where the leaders' slowdown spends their "
            "lead, and makes no difference under the critic (at late 2022). The essay worldview was tuned towards its "
            "statements, so that its half is consistency and no evidence, and holds at best narrowly with its own 20 % "
            "for adoption."
        ),
    ),
}
"""Sentences that questions add to their own."""

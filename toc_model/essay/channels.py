"""The ways by which buying time may reach P(doom)."""

from toc_model.engine.declare import Channel
from toc_model.engine.facets import Group

CHANNELS = (
    Channel(
        "early_time",
        "time, early",
        "AGI comes later, so that more research is done before it.",
        (("agi_arrival", "research"), ("agi_arrival", "serial_years")),
    ),
    Channel(
        "end_pause",
        "time, pause at the end",
        "A pause is likelier, or longer; with all that being in a pause does, but for the lead that its length costs.",
        (
            ("pause_probability", "branch_probability"),
            ("pause_probability", "leader_unsafe"),
            ("pause_probability", "laggard_unsafe"),
            ("pause_probability", "doom_unless_solved"),
            ("pause_length", "research"),
            ("pause_length", "serial_years"),
        ),
    ),
    Channel(
        "adoption",
        "adoption and tax",
        "Labs tolerate a higher alignment tax, and less cautious actors adopt more of what is known.",
        (("tax_tolerance", "adopted"), ("laggard_adoption", "safe_if_overtaken")),
    ),
    Channel(
        "deployment",
        "deployment risk",
        "Concerned labs deploy less of what is misaligned, and heeded evaluations stop some.",
        (("deployment_risk", "eventual_deployment"),),
    ),
    Channel(
        "race_and_lead",
        "race and lead",
        "Leaders who wait, for whatever reason, may be overtaken; barriers and coordination protect them.",
        (("lead", "overtaken"), ("lead_spent", "overtaken")),
    ),
    Channel(
        "lost_research",
        "lost research",
        "Those who buy time do no technical work: less effort, fewer insights, fewer solutions for labs.",
        (("technical_effort", "research"), ("technical_effort", "solutions"), ("insight", "solved")),
    ),
    Channel(
        "field_growth",
        "field growth",
        "Builders who buy time recruit fewer; concern brings recruits.",
        (("field_growth_rate", "research"),),
    ),
)
GROUPS = (Group("time", "Bought time (both channels, not the lead that waiting costs)", ("early_time", "end_pause")),)

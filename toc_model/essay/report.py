"""How the report of the essay begins."""

HEADLINE = "Would P(doom) fall if more people bought time?"

INTRODUCTION = (
    "An essay on AI strategy wants many people who do technical alignment research, or build the field, to “buy time” "
    "instead: to make AI labs take catastrophic risk seriously, so that AGI comes later, labs pause, and solutions are "
    "found and adopted. What would follow for P(doom), the probability of an existential catastrophe from misaligned "
    "AGI?"
)

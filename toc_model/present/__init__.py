"""How anything looks: sections as terminal text, HTML or Markdown, figures, and drawings of the graph."""

"""The report: one page that says what was asked, what came out, how sure that is, and what it rests on.

`material` holds the beliefs and what several sections share; each section is a function from it to a `parts.Section`,
which is plain text, tables and pictures; `build` chooses sections and `render` writes them as HTML or Markdown.
"""

"""The questions as a program asks them: of beliefs and allocations that may be names or files."""

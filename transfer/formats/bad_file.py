"""What may be wrong with a file that somebody sent."""


class BadFile(Exception):
    """One sentence that says what to do; it begins with an ALYS code where there is one."""

"""backrow: the recording of an event becomes a sceptical post. Read flow.py first."""

from pipeline.privacy import silence

__version__ = "0.1.0"

silence()  # before any library that would report to its makers is imported

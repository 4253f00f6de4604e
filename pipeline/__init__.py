"""backrow: the recording of an event becomes a sceptical post. Read flow.py first."""

__version__ = "0.1.0"

"""What flows through the program: one frozen type per arrow, in the order of the pipeline.

Times are seconds from the start of the event, rounded to milliseconds where they are made
(`ms`). No numpy array, torch tensor or engine object appears here. Everything is plain JSON
through `pydantic.TypeAdapter`; transcript.json and notes.json are made of these types.
"""

from pipeline.data.heard import *  # noqa: F403
from pipeline.data.noted import *  # noqa: F403

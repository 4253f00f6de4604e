"""Speech to words.

Promise: every stretch of speech an engine is given comes back as words in time order, each with
its own start, end and probability. What an engine could not be sure of is in `Transcript.doubts`,
with its words kept at a low probability: nothing is silently kept, and nothing silently dropped.
An engine module exports `load(options: config.Asr, run: config.Run) -> FasterWhisper`, or what has
its `transcribe`. It raises EngineError with the way to get what is missing. Nothing heavy is
imported before it.
"""

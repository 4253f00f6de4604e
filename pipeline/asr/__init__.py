"""Speech to words.

Promise: every stretch of speech an engine is given comes back as words in time order, each with
its own start, end and probability. What hallucinations.py and repair.py doubt is told in
`Transcript.doubts`, its words kept at a low probability; nothing is dropped without a doubt.
An engine module exports `load(options: config.Asr, run: config.Run) -> FasterWhisper`, or what has
its `transcribe`. It raises EngineError with the way to get what is missing. Nothing heavy is
imported before it.
"""

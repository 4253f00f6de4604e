"""What a person put right, once and for ever: `corrections.toml` beside event.toml.

file.py is the file and its types, edit.py adds and removes one correction. Each arrow of the
program has a module that applies them: pure, from what flows there to the same put right.
"""

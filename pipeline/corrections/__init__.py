"""What a person put right, once and for ever: `corrections.toml` beside event.toml.

file.py is the file and its types, edit.py adds and removes one correction, moments.py finds what
one is about. Names, voices, words and talk edges have a module each that applies theirs: pure, from
what flows there to the same put right and a Fit for each, which says what became of it. The lines
of the post are notes/corrected.py's.
"""

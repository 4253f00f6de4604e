"""What code can hold against a note, without a model: `verify` asks every check of this folder."""

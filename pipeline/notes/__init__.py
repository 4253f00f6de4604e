"""Notes: written by a model or quoted without one, and held to account by code, line by line."""

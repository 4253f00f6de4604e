"""A post without a model: the quotes of a talk that can be read alone, the telling ones first."""

"""Which engine does each stage: all of them in a table, the choice, the loaded ones."""

"""The language: its fields as one table, and a machine as states, scopes and transitions. Nothing here raises or judges."""

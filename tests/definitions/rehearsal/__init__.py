"""Rehearses the definitions: a JSONata interpreter, simulated services and one virtual clock, without AWS.

`interpreter` runs a machine, `services` answers its calls, `clock` is the only time there is, `edges` says what
was walked, `scenario` reads what a person wrote and compares.
"""

"""Types of values: a lattice, the types of JSONata expressions and of JSONPath, and those of AWS answers.

A type is a set of values, ``undefined`` (no value at all) among them. Nothing here knows a state machine.
"""

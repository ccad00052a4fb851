"""The languages inside strings: JSONata, JSONPath and intrinsic functions."""

"""Text with positions: reading JSON and YAML, finding definitions, and following places back to the file."""

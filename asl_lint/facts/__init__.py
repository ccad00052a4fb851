"""What is true of one machine. Facts compute and never judge: no severities, no texts."""

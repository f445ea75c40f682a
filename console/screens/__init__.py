"""One screen a file. A screen owns filter, marks and selection, and nothing else."""

"""Beyond one process: forms, keys and weights go out as files, Splink scores them elsewhere, the queue takes them back.

Writing the files and reading the result back need nothing but the console; scoring needs the extra ``scaleout``.
"""

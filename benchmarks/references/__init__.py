"""Small programs that do one thing as well as it is usually done: what the console is measured against."""

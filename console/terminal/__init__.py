"""What lies between the console and the terminal: capabilities, colours, the guard against control
characters.
"""

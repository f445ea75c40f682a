"""What the screens are built of: plain data in, messages out. No widget loads anything."""

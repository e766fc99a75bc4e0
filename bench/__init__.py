"""The figures we promise, and the scripts that measure them."""

"""What is fair: pure functions over plain values. No flask, no sqlalchemy, no clock, no chance."""

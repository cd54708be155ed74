"""Personal data: what is kept how long, handed over, and erased when the law allows."""

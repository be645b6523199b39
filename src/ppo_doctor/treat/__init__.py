"""Treatment: change one thing, train again with the same seeds, and say what it gained."""

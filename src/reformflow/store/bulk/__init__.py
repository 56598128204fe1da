"""Acts on all rows of a workflow at once: what the engine means, as SQL, and runs of them."""

"""Counts that betray nobody: a public codebook, exact steps in memory, noise before anything is kept."""

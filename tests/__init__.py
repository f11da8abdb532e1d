"""The proofs: one folder per room of `webapp`, and journeys through the whole product in a real browser."""

"""The whole story of the demo, told once and committed: these tests look at it, each in a transaction of its own."""

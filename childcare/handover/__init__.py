"""接送: who may take a child home, and the hand-over itself."""

"""The house rules that no ready-made linter knows (docs/architecture.md): `python -m scripts.house`."""

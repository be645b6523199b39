"""Open set: one folder a kind, with `kind.toml` (where it goes), `member.txt` and `test.txt` (how it begins)."""

"""Static checks of scenario files: documents in, problems out. Pure; docs/lint.md lists them."""

"""The language server: what editors ask of scenario files, answered by pure functions over lint."""

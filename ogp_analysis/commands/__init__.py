"""The verbs of the command line, one module each; only these modules print."""

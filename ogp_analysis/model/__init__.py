"""What every other room shares: records and column names, parameters, the method, YAML without traps."""

__all__ = [
    "arguments",
    "extras",
    "given_file",
    "injected_cell",
    "method_defaults",
    "method_file",
    "parameter_rules",
    "params",
    "records",
    "results",
    "strict_yaml",
]

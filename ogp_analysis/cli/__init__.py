"""The command `ogp`: `main` finds the verb and words its errors; one module a verb; only these modules print.

A module of a verb has ``add_arguments(parser)``, which declares the words of its verb, and
``run(arguments)``, which does what they say and gives the exit code: 0 fine, 1 the data or the comparison
says no, 2 the words cannot be meant. What goes wrong otherwise is raised; `main` words it. Other functions
make what is printed, so that they can be tried without a terminal. What is heavy is imported where it is
used: help must come at once.
"""

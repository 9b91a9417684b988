"""The verbs of the command line, one module each; only these modules print.

A module has ``add_arguments(parser)``, which declares the words of its verb, and ``run(arguments)``, which
does what they say and gives the exit code: 0 fine, 1 the data or the comparison says no, 2 the words cannot
be meant. What goes wrong otherwise is raised; the command line words it. Other functions make what is
printed, so that they can be tried without a terminal. What is heavy is imported where it is used: help must
come at once.
"""

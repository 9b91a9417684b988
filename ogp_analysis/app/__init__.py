"""The whole job on a page of one's own machine: check, parameters, run, results, what if."""

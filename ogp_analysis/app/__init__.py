"""The web page on one's own machine (`make app`): check, parameters, run, results, what if."""

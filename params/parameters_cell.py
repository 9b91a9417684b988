# Parameters: the baseline. Every key is explained in params/README.md.
method = "ecuador-2019"  # name of a packaged method, or path of a method file (.yaml)
data = "example"  # "example" (synthetic), or path of a workbook, a folder of CSV files or one table of ratings
language = "en"  # en | es: tables, captions, messages
indicator_weights = {"time": 0.25, "complexity": 0.25, "resources": 0.25, "willingness": 0.25, "reiterations": "1/3", "potential_impact": "1/3", "alignment": "1/3"}  # share of each indicator in its criterion; sums to 1 within each; numbers or fractions "1/3"
criterion_weights = {"feasibility": 0.5, "relevance": 0.5}  # share of each criterion in the composite; sums to 1
cut_points = {"feasibility": [2.5, 3.5], "relevance": [2.5, 3.5]}  # points on the rating scale: medium from the first, high from the second (closed below, >=)
tolerance = 1.0  # points: two blind ratings match when they differ by no more
third_rule = "replace"  # replace | median | closest | mean: what a third evaluation does
matching_rule = "mean"  # mean | lower | higher: what a matching pair gives
third_for = ["relevance"]  # criteria in which a third evaluation is foreseen
blind_pair = "within_panels"  # within_panels (reading A) | between_panels (reading B)
panel_rule = "mean"  # mean | minimum | working_group | core_group: how two panels become one score
feasibility_rule = "mean"  # mean | minimum | lead: how lead and counterpart become one score
missing = "refuse"  # refuse | drop | available: what missing ratings do
missing_third = "bounds"  # bounds | mean | refuse: a third evaluation the rule calls for and the data lack
conflict = "flag"  # flag | keep | exclude: ratings of evaluators with a stake
weight_belief = "uniform"  # what is believed about the weights in the sensitivity
disagreement_weights = "quadratic"  # how far apart two ratings count in the agreement coefficients
confidence_level = 0.95  # nominal coverage of intervals, 0.5 to 0.9999
n_resamples = 2000  # bootstrap resamples, at least 100
n_draws = 20000  # Monte Carlo draws, at least 100
seed = 20191001  # whole number from 0: every random number follows from it
small_cell = 10  # persons: smaller counts are not published
cell_timeout = 600  # seconds a notebook cell may run
output_dir = ""  # empty: write nothing; ogp run fills it in

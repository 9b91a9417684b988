"""Run notebooks for one or more params files, on any executor; publish, record and verify each run."""

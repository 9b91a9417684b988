"""Run notebooks for one or more params files; each run is a folder put in place whole, recorded, verified."""

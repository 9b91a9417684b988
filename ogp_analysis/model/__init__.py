"""What all other packages share: records, parameters, the method file, when ratings match, strict YAML."""

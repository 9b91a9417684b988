"""Nobody exposed: keyed pseudonyms, the forms a name takes in texts, small counts of persons hidden."""

from ogp_analysis.privacy.name_forms import forms_of, left_in, replaced
from ogp_analysis.privacy.pseudonyms import check_key_place, key_name, parse_key, pseudonym, pseudonymise
from ogp_analysis.privacy.small_cells import protect

__all__ = [
    "check_key_place",
    "forms_of",
    "key_name",
    "left_in",
    "parse_key",
    "protect",
    "pseudonym",
    "pseudonymise",
    "replaced",
]

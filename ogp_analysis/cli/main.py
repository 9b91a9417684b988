"""The command ``ogp``: finds the verb, words its errors in the reader's language, gives the exit code.

0 fine; 1 the data or the comparison says no; 2 usage; 3 a run failed; 4 a defect of ogp; 130 stopped.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import json
import locale
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import ogp_analysis
from ogp_analysis.cli import streams
from ogp_analysis.errors import (
    CheckError,
    DataError,
    OgpError,
    ParameterError,
    Problem,
    RunError,
    StatisticsError,
    system_words,
)
from ogp_analysis.language import texts
from ogp_analysis.language.escaping import in_line
from ogp_analysis.model.missing_extras import MissingExtraError
from ogp_analysis.runs import machine_refusals

# The exit codes, as the first lines of this module say.
FINE, REFUSED, USAGE, FAILED, DEFECT, STOPPED = 0, 1, 2, 3, 4, 130

# What was asked for cannot be meant: exit code 2, as for words that argparse refuses.
USAGE_KEYS = {
    "run.bad_address",
    "run.bad_name",
    "run.bad_folder",
    "run.same_name",
    "run.no_params_file",
    "run.no_notebooks",
    "run.sweep_form",
    "run.sweep_large",
    "compare.no_tables",
    "people.country",
}

# Verb and module; a module is imported only when its verb is called, so that help comes at once.
VERBS = {
    "run": "run",
    "check": "check",
    "template": "template",
    "params": "params",
    "method": "method",
    "compare": "compare",
    "verify": "verify",
    "report": "report",
    "sweep": "sweep",
    "pseudonymise": "pseudonymise",
    "import": "import_",
    "classify": "classify",
    "group": "group",
    "page": "page",
    "example": "example",
    "notebooks": "notebooks",
}

# What argparse says, which it says in English only, and the text that stands for it.
USAGE_ERRORS = tuple(
    (re.compile(words), key)
    for words, key in (
        (r"the following arguments are required: (?P<names>.+)", "required"),
        (r"unrecognized arguments: (?P<names>.+)", "unrecognized"),
        (r"argument (?P<name>.+): the text is empty", "empty"),
        (r"argument (?P<name>\S+): expected one argument", "one"),
        (r"argument (?P<name>\S+): expected at least one argument", "some"),
        (r"argument (?P<name>\S+): invalid choice: (?P<value>.+) \(choose from (?P<allowed>.+)\)", "choice"),
        (r"argument (?P<name>\S+): invalid \S+ value: (?P<value>.+)", "value"),
        (r"argument (?P<name>\S+): (?P<value>\S+) is below (?P<least>\S+)", "low"),
        (r"ambiguous option: (?P<name>\S+) could match (?P<allowed>.+)", "ambiguous"),
        (r"argument (?P<name>\S+): ignored explicit argument (?P<value>.+)", "ignored"),
    )
)


class Parser(argparse.ArgumentParser):
    """A parser of arguments that speaks the reader's language.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"es"``.
    **settings
        Of ``argparse.ArgumentParser``.

    Examples
    --------
    >>> parser = Parser(language="es", prog="ogp")
    >>> _ = parser.add_argument("file")
    >>> print(parser.format_usage(), end="")
    uso: ogp [-h] file
    """

    def __init__(self, *, language: str, **settings: Any) -> None:
        super().__init__(add_help=False, **settings)
        self.language = language
        self._positionals.title = texts.say("cli.usage.arguments", language)
        self._optionals.title = texts.say("cli.usage.options", language)
        self.add_argument("-h", "--help", action="help", help=texts.say("cli.usage.help", language))

    def format_usage(self) -> str:
        """Word the line of usage."""
        return self._in_words(super().format_usage())

    def format_help(self) -> str:
        """Word the help."""
        return self._in_words(super().format_help())

    def _in_words(self, text: str) -> str:
        # argparse begins with this word of its own, and aligns what follows by its length.
        return texts.say("cli.usage", self.language) + text.removeprefix("usage: ")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words and end with the exit code of wrong usage."""
        sentence = texts.say(
            "cli.usage.error", self.language, message=usage_error(in_line(message), self.language)
        )
        self.exit(USAGE, f"{self.format_usage()}{self.prog}: {sentence}\n")


def usage_error(message: str, language: str) -> str:
    """Word an error of argparse in the reader's language; one that is not known stays as it is.

    >>> usage_error("argument --jobs: invalid int value: 'x'", "es")
    "argumento --jobs: 'x' no es un número entero"
    """
    for words, key in USAGE_ERRORS:
        match = words.fullmatch(message)
        if match:
            return texts.say(f"cli.usage.{key}", language, **match.groupdict())
    return message


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``ogp``; those of the process when not given.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    Exception
        Whatever went wrong, where ``--debug`` was given.

    Examples
    --------
    >>> main(["--version"])
    ogp ...
    0
    """
    streams.prepare()
    streams.show()
    # After an exception the streams stay as they are: its traceback may quote a file too.
    words = list(sys.argv[1:] if arguments is None else arguments)
    code = _handed_over(_answer(words), words)
    streams.show(on=False)
    return code


def _handed_over(code: int, words: list[str]) -> int:
    """Say that the standard output failed, where nothing else said so: argparse passes over it."""
    error = streams.failure()
    if code == FINE and error:
        return tell(error, argparse.Namespace(lang=chosen_language(words), json=False))
    return code


def _answer(words: list[str]) -> int:
    language = chosen_language(words)
    try:
        parsed = parse(words, language)
    except SystemExit as ending:
        return int(ending.code or 0)
    try:
        return _done(parsed)
    except KeyboardInterrupt:
        print(texts.say("run.stopped", parsed.lang), file=sys.stderr)
        return STOPPED
    except Exception as error:
        if parsed.debug:
            raise
        # A report speaks the language of its run unless told otherwise; its errors speak the reader's.
        return tell(error, argparse.Namespace(lang=parsed.lang or language, json=parsed.json))


def check_paths(parsed: argparse.Namespace) -> None:
    r"""Refuse what no file can be called, and links that lead to themselves, before a verb meets them.

    >>> check_paths(argparse.Namespace(run=[Path("outputs")]))
    >>> check_paths(argparse.Namespace(run=[Path("a\0b")]))
    Traceback (most recent call last):
    OSError: [Errno 22] Invalid argument: 'a b'
    """
    for value in vars(parsed).values():
        for path in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(path, Path):
                continue
            if "\0" in str(path):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path).replace("\0", " "))
            try:
                path.stat()
            except OSError as error:
                # What is not there may be a place to write to, or has a better message of its own.
                if error.errno == errno.ELOOP:
                    raise CheckError([Problem("given.loop", file=str(path))]) from None


def _done(parsed: argparse.Namespace) -> int:
    check_paths(parsed)
    if machine_refusals.is_hopeless():
        raise MemoryError
    return parsed.module.run(parsed)


def chosen_language(words: Sequence[str]) -> str:
    """Choose the language of messages: ``--lang``, else the system's, else English.

    >>> chosen_language(["check", "n.csv", "--lang", "es"]), chosen_language(["check", "--lang=en"])
    ('es', 'en')
    """
    for index, word in enumerate(words):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and index + 1 < len(words):
            value = words[index + 1]
        if value in texts.LANGUAGES:
            return value
    named = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    system = next((name for name in named if name), "") or (locale.getlocale()[0] or "")
    return "es" if system.lower().startswith(("es", "spanish")) else "en"


def parse(words: Sequence[str], language: str) -> argparse.Namespace:
    """Parse the command line; the module of the verb comes as ``module``.

    >>> parsed = parse(["check", "n.csv", "--json"], "es")
    >>> parsed.verb, parsed.lang, parsed.json, parsed.module.__name__
    ('check', 'es', True, 'ogp_analysis.cli.check')
    """
    # Only the verb that is called gets its arguments: the others need not be imported for that.
    verb = next((word for word in words if word in VERBS), "")
    words = _verb_first(words, verb)
    parser = Parser(
        language=language,
        prog="ogp",
        description=texts.say("cli.description", language),
        epilog=texts.say("cli.epilog", language),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"ogp {ogp_analysis.__version__}"
    parser.add_argument(
        "--version", action="version", version=version, help=texts.say("cli.usage.version", language)
    )
    title = texts.say("cli.usage.verbs", language)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True, title=title)
    for name in VERBS:
        one = verbs.add_parser(name, language=language, help=texts.say(f"cli.verb.{name}", language))
        if name == verb:
            _complete(one, name, language)
    return parser.parse_args(words)


def _verb_first(words: Sequence[str], verb: str) -> list[str]:
    """Move what every verb understands behind the verb, where the parser looks for it."""
    at = list(words).index(verb) if verb else 0
    before = [word for word in words[:at] if word not in texts.LANGUAGES]
    if all(word.split("=")[0] in ("--lang", "--json", "--debug") for word in before):
        return [verb, *words[:at], *words[at + 1 :]] if at else list(words)
    return list(words)


def _complete(parser: argparse.ArgumentParser, verb: str, language: str) -> None:
    module = module_of(verb)
    parser.description = texts.say(f"cli.verb.{verb}", language)
    module.add_arguments(parser)
    # argparse has no public list of what a parser knows.
    for action in parser._actions:
        _refuse_blanks(action)
        if texts.has(f"cli.help.{verb}.{action.dest}", language):
            action.help = texts.say(f"cli.help.{verb}.{action.dest}", language)
    taken = {option for action in parser._actions for option in action.option_strings}
    shared: dict[str, dict[str, Any]] = {
        "--lang": {"choices": texts.LANGUAGES, "default": language, "help": texts.say("cli.lang", language)},
        "--json": {"action": "store_true", "help": texts.say("cli.json", language)},
        "--debug": {"action": "store_true", "help": texts.say("cli.debug", language)},
    }
    for option, settings in shared.items():
        if option not in taken:
            parser.add_argument(option, **settings)
    parser.set_defaults(module=module, reader=language)


def _refuse_blanks(action: argparse.Action) -> None:
    """Let an argument refuse a text of blanks, such as a variable of a shell that was never set."""
    if action.nargs == 0 or action.choices is not None or action.default == "":
        return
    make = action.type if callable(action.type) else str

    def filled(text: str) -> Any:
        if not text.strip():
            # Path("") would be the folder that the command is called in.
            message = "the text is empty"
            raise argparse.ArgumentTypeError(message)
        return make(text)

    # By this name argparse says of which type a text is not.
    filled.__name__ = getattr(make, "__name__", "text")
    action.type = filled


def module_of(verb: str) -> ModuleType:
    """Import the module of a verb.

    >>> module_of("import").__name__
    'ogp_analysis.cli.import_'
    """
    return importlib.import_module(f"ogp_analysis.cli.{VERBS[verb]}")


def tell(error: Exception, parsed: argparse.Namespace) -> int:
    """Word an error in the reader's language, without a traceback, and give the exit code.

    >>> tell(OgpError("the file is empty"), argparse.Namespace(lang="en", json=True))
    {"ok": false, "exit_code": 1, "error": "the file is empty"}
    1
    """
    code, message = exit_code(error), wording(error, parsed.lang)
    # A program that reads the standard output reads nothing any more when that is what failed.
    if parsed.json and getattr(error, "filename", None) != streams.STDOUT:
        answer = {"ok": False, "exit_code": code, "error": message} | _listed(error, parsed.lang)
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print(texts.say("cli.error", parsed.lang, message=message), file=sys.stderr)
    return code


def _listed(error: Exception, language: str) -> dict[str, list[dict]]:
    """List the problems of an error by kind and column, for programs."""
    if not isinstance(error, CheckError):
        return {}
    from ogp_analysis.proposals import problem_kinds

    return {"problems": [kind.record(language) for kind in problem_kinds.kinds(error.problems)]}


def exit_code(error: Exception) -> int:
    """Give the exit code of an error.

    >>> errors = (OgpError("no"), RunError("none", key="run.bad_name"), OSError("disk full"), KeyError("x"))
    >>> [exit_code(error) for error in errors]
    [1, 2, 3, 4]
    """
    if _is_for_memory(error) or isinstance(error, RunError | OSError | MissingExtraError):
        return USAGE if getattr(error, "values", {}).get("key") in USAGE_KEYS else FAILED
    if isinstance(error, ParameterError) and USAGE_KEYS & {problem.rule for problem in error.problems}:
        return USAGE
    return REFUSED if isinstance(error, OgpError) else DEFECT


def wording(error: Exception, language: str) -> str:
    """Word an error; what was not foreseen is named as a defect, with how to see where it happened.

    >>> wording(RunError("", key="run.no_params_file", file="own.yaml"), "es")
    'no existe el archivo de parámetros own.yaml'
    """
    if isinstance(error, DataError):
        from ogp_analysis.ratings import listed

        return listed(error.problems, language)
    if isinstance(error, CheckError):
        return error.say(language)
    if isinstance(error, OgpError):
        return _own_wording(error, language)
    if _is_for_memory(error):
        return texts.say("cli.memory", language, limit=machine_refusals.limit_of(machine_refusals.MEMORY))
    if isinstance(error, OSError):
        return _of_the_system(error, language)
    return texts.say("cli.defect", language, kind=type(error).__name__, cause=str(error))


def _is_for_memory(error: Exception) -> bool:
    """Say whether memory was what lacked: libraries that cannot load say so in many ways."""
    if isinstance(error, OgpError):
        return False
    message = f"{type(error).__name__}: {error}"
    return (
        isinstance(error, MemoryError)
        or machine_refusals.exhausted(message).get("key") == machine_refusals.MEMORY
    )


def _of_the_system(error: OSError, language: str) -> str:
    cause = system_words(error.strerror or type(error).__name__, language)
    file = in_line(str(error.filename or ""))
    file = texts.say("cli.stdout", language) if file == streams.STDOUT else file
    return texts.say("cli.os_error", language, file=file, cause=cause) if file else cause


def _own_wording(error: OgpError, language: str) -> str:
    if isinstance(error, StatisticsError):
        return in_line(error.say(language))
    values = dict(error.values)
    inner = values.pop("errors", None)
    if inner:
        values["failures"] = "\n".join(f"  - {_own_wording(each, language)}" for each in inner)
    key = str(values.pop("key", ""))
    values = {name: system_words(value, language) for name, value in values.items()}
    # Causes and lists of failures have lines of their own; the other values are typed or names of files.
    many = {"failures", "cause"}
    values |= {name: in_line(v) for name, v in values.items() if isinstance(v, str) and name not in many}
    return texts.say(key, language, **values) if key and texts.has(key, language) else str(error)

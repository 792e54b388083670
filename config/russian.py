"""The words of the libraries of the command line, in Russian: they have no translation of their own.

What is not in the table stays as the library said it; ``config/tests/test_russian.py`` holds it against the libraries.
"""

import re
from typing import Any

WORDS = [
    (r"No such command '(.+?)'\.?", r"Команды «\1» нет."),
    (r"No such option: (\S+)", r"Ключа \1 нет."),
    (r"Did you mean (.+)\?", r"Может быть, \1?"),
    (r"\(Possible options: (.+)\)", r"Похожие: \1"),
    (r"Missing command\.", "Не указана команда."),
    (r"Missing argument '(.+?)'\.", r"Не указано: \1."),
    (r"Missing option '(.+?)'\.", r"Не указан ключ \1."),
    (r"Option '(.+?)' requires an argument\.", r"У ключа \1 нет значения."),
    (r"Option '(.+?)' does not take a value\.", r"Ключ \1 не принимает значения."),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"Лишнее: \1."),
    (r"Invalid value for '(.+?)': ", r"Значение \1 не подходит: "),
    (r"Invalid value: ", "Значение не подходит: "),
    (r"Value (.+) is not a valid \w+\.", r"\1 сюда не подходит."),
    (r"Input should be a valid integer, unable to parse string as an integer", "нужно целое число"),
    (r"Input should be a valid integer.*", "нужно целое число"),
    (r"Input should be a valid number.*", "нужно число"),
    (r"Input should be a valid boolean.*", "нужно true или false"),
    (r"Input should be (?:greater than or equal to|at least) (\S+)", r"нужно не меньше \1"),
    (r"Input should be less than or equal to (\S+)", r"нужно не больше \1"),
    (r"Input should be greater than (\S+)", r"нужно больше \1"),
    (r"Input should be less than (\S+)", r"нужно меньше \1"),
    (r"Input should be a valid datetime.*|Input should be a valid date.*", "нужна дата: 2026-03-14"),
    (r"Input should be ('.+)", r"нужно одно из: \1"),
    (r" or '", " или '"),
    (r"^Value error, ", ""),
    (r"'(.+)' does not appear to be an IPv4 or IPv6 network", r"«\1» — не сеть"),
]  # fmt: skip
RICH = {
    "ARGUMENTS_PANEL_TITLE": "Что указать",
    "OPTIONS_PANEL_TITLE": "Ключи",
    "COMMANDS_PANEL_TITLE": "Команды",
    "ERRORS_PANEL_TITLE": "Не поняли команду",
    "ABORTED_TEXT": "Прервано.",
    "DEFAULT_STRING": "[обычно: {}]",
    "ENVVAR_STRING": "[переменная: {}]",
    "REQUIRED_LONG_STRING": "[обязательно]",
    "RICH_HELP": "Справка: [blue]{command_path} {help_option}[/]",
}
REFUSALS = ("UsageError", "BadParameter", "MissingParameter", "NoSuchOption")


def in_russian(text: str) -> str:
    """Return a library's sentence in Russian, as far as we know its words.

    >>> in_russian("Option '--port' requires an argument.")
    'У ключа --port нет значения.'
    """
    for pattern, words in WORDS:
        text = re.sub(pattern, words, text)
    return text


def speak_russian() -> None:
    """Teach the command line its headings and refusals. Called once, before it is built."""
    from typer import rich_utils
    from typer._click import decorators, exceptions, formatting

    for name, words in RICH.items():
        setattr(rich_utils, name, words)
    write_usage, help_option = formatting.HelpFormatter.write_usage, decorators.help_option

    def usage(self: Any, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[КЛЮЧИ]").replace("COMMAND [ARGS]...", "КОМАНДА …")
        write_usage(self, prog, args, prefix or "Как звать: ")

    def help_in_russian(names: list[str]) -> Any:
        def teach(command: Any) -> Any:
            taught = help_option(names)(command)
            command.params[-1].help = "Показать эту справку."
            return taught

        return teach

    formatting.HelpFormatter.write_usage = usage  # type: ignore[method-assign]
    decorators.help_option = help_in_russian  # type: ignore[assignment]
    for name in REFUSALS:
        refusal = getattr(exceptions, name)
        refusal.format_message = _translated(refusal.format_message)


def _translated(format_message: Any) -> Any:
    def translated(self: Any) -> str:
        return in_russian(format_message(self))

    return translated

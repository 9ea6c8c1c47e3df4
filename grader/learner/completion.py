"""Writes the completion script for a shell, with all commands and tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WITH_TASKS = ("answer", "check", "hint", "list", "run", "show", "watch")


@dataclass(frozen=True, kw_only=True)
class Words:
    """All that can be completed: options and help by command, and tasks."""

    options: Mapping[str, Sequence[str]]
    helps: Mapping[str, str]
    tasks: Sequence[str]

    def after(self, command: str) -> str:
        """Return what may follow a command, apart from files."""
        tasks = self.tasks if command in WITH_TASKS else ()
        return " ".join([*tasks, *self.options[command]])


def script(shell: str, words: Words) -> str:
    """Return the script that a shell is to read."""
    if shell == "fish":
        return _fish(words)
    start = "autoload -U +X bashcompinit && bashcompinit\n"
    return (start if shell == "zsh" else "") + _bash(words)


def _bash(words: Words) -> str:
    cases = "".join(f"        {name}) words='{words.after(name)}' ;;\n"
                    for name in words.options)
    return f"""\
_grade() {{
    local words
    case "${{COMP_WORDS[1]}}" in
{cases}        *) words='' ;;
    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        words='{" ".join(words.options)}'
    fi
    COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _grade grade
"""


def _fish(words: Words) -> str:
    lines = []
    for name, options in words.options.items():
        text = words.helps[name].replace("'", "\\'")
        lines.append("complete -c grade -n __fish_use_subcommand "
                     f"-a {name} -d '{text}'")
        here = f"complete -c grade -n '__fish_seen_subcommand_from {name}'"
        lines += [f"{here} -l {option.removeprefix('--')}"
                  for option in options]
        if name in WITH_TASKS:
            lines.append(f"{here} -a '{' '.join(words.tasks)}'")
    return "\n".join(lines) + "\n"

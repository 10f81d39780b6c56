#!/usr/bin/env python3
"""Makes the man page or the bash completion of a program from what its --help says.

    command_texts.py man|completion PROGRAM NOTES

NOTES is a file whose text closes the man page, in the language of man pages. What cannot be read as
help ends the script with a sentence and status 1: a page that lacks an option would be worse than none.
"""

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Help:
    """What one --help says: entries are pairs of the words in front and the text behind them."""

    about: str
    usage: str
    sections: dict = field(default_factory=dict)

    def flags(self):
        words = [words for words, _ in self.sections.get("Options", [])]
        return [flag for front in words for flag in re.findall(r"--?[a-z][a-z-]*", front)]


def read_help(program, *words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, timeout=30)
    if done.returncode != 0 or "Usage: " not in done.stdout:
        sys.exit(f"{program} {' '.join(words)} --help: no help came, but: {done.stdout}{done.stderr}")
    about, _, rest = done.stdout.partition("Usage: ")
    usage, *lines = rest.splitlines()
    help_text = Help(about.strip(), usage.split("coldwatch-", 1)[-1])
    entries = None
    for line in lines:
        heading = re.fullmatch(r"(\w+):", line)
        entry = re.fullmatch(r"  (\S.*?)(?:\s{2,}(\S.*))?", line)
        more = re.fullmatch(r"\s{10,}(\S.*)", line)
        if heading:
            entries = help_text.sections.setdefault(heading[1], [])
        elif more and entries:
            words, text = entries[-1]
            entries[-1] = (words, f"{text} {more[1]}".strip())
        elif entry and entries is not None:
            entries.append((entry[1], entry[2] or ""))
        elif line.strip():
            sys.exit(f"{program} {' '.join(words)} --help: this line is not understood: {line}")
    return help_text


def subcommands(program, top):
    names = [words for words, _ in top.sections.get("Subcommands", [])]
    if not names:
        sys.exit(f"{program} --help names no subcommand")
    return {name: read_help(program, name) for name in names}


def roff(text):
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + escaped if escaped.startswith(".") else escaped


def roff_entries(entries):
    for words, text in entries:
        words = re.sub(r" Needs: .*", "", words)
        front = words.replace("TEXT", "VALUE").replace("UINT", "NUMBER").replace(" REQUIRED", "")
        needed = " (required)" if "REQUIRED" in words else ""
        yield f".TP\n.B {roff(front)}\n{roff(text[:1].upper() + text[1:])}{needed}"


def man_page(name, version, top, commands, notes):
    first = top.about[0].lower() + top.about[1:].rstrip(".")
    lines = [f'.TH {name.upper()} 1 "" "Coldwatch {version}" "User Commands"',
             f".SH NAME\n{name} \\- {roff(first)}",
             f".SH SYNOPSIS\n.B {name}\n.I COMMAND\n.RI [ OPTIONS ]",
             ".SH OPTIONS", *roff_entries(top.sections["Options"]), ".SH COMMANDS"]
    for command, text in commands.items():
        lines.append(f".SS {command}\n{roff(text.about)}.")
        for section in ("Positionals", "Options"):
            entries = [one for one in text.sections.get(section, []) if "--help" not in one[0]]
            lines.extend(roff_entries(entries))
    return "\n".join([*lines, notes.rstrip("\n")]) + "\n"


def completion(name, top, commands):
    function = "_" + name.replace("-", "_")
    cases = "\n".join(f'    {command}) words="{" ".join(text.flags())}" ;;'
                      for command, text in commands.items())
    return f"""# bash completion for {name}
{function}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} words=""
  case ${{COMP_WORDS[1]}} in
{cases}
    *) words="{" ".join([*commands, *top.flags()])}" ;;
  esac
  if ((COMP_CWORD == 1)); then
    words="{" ".join([*commands, *top.flags()])}"
  fi
  COMPREPLY=()
  if [[ $current == -* || $COMP_CWORD == 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  elif [[ $before != --by && $before != --for && $before != --note ]]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -F {function} {name}
"""


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("man", "completion"):
        sys.exit("usage: command_texts.py man|completion PROGRAM NOTES")
    kind, program, notes = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    name = Path(program).name
    top = read_help(program)
    commands = subcommands(program, top)
    if kind == "completion":
        print(completion(name, top, commands), end="")
        return
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True,
                             timeout=30).stdout.strip()
    print(man_page(name, version, top, commands, notes.read_text(encoding="utf-8")), end="")


if __name__ == "__main__":
    main()

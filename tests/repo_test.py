"""The conventions of the project, as far as a program can see them."""

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TEXT_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".cmake", ".txt", ".md", ".json", ".yaml", ".yml",
                 ".conf", ".service", ".html", ".css", ".js", ".ps1", ".toml"}
CODE_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".cmake", ".js"}
PROGRAM_FOLDERS = ("common", "agent", "bridge")

LONGEST_FILE_LINES = 400
LONGEST_HEADER_LINES = 150
LONGEST_FUNCTION_LINES = 70
LONGEST_CPP_LINE = 100
LONGEST_HAND_WRAPPED_LINE = 120  # comments and scripts, which no formatter wraps


def tracked():
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    return sorted(PROJECT / name for name in listing.split("\0") if name)


FILES = [file for file in tracked() if file.is_file()]
NAMES = [file.relative_to(PROJECT).as_posix() for file in FILES]
TEXTS = {file.relative_to(PROJECT).as_posix(): file.read_text(encoding="utf-8", errors="replace")
         for file in FILES if file.suffix in TEXT_SUFFIXES or file.stat().st_mode & 0o111}
CODE = {name: text for name, text in TEXTS.items()
        if Path(name).suffix in CODE_SUFFIXES or text.startswith("#!")}
CPP = {name: text for name, text in TEXTS.items() if name.endswith((".cpp", ".hpp"))}
PROGRAMS = {name: text for name, text in CPP.items() if name.startswith(PROGRAM_FOLDERS)}


def none(found):
    assert not found, "\n" + "\n".join(found)


def offences(texts, pattern, allowed=lambda name: False):
    """Every "file:line: text" that has the pattern, in files that are not allowed to."""
    found = []
    for name, text in texts.items():
        if allowed(name):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{name}:{number}: {line.strip()}")
    return found


def without_comments(texts):
    return {name: re.sub(r"//[^\n]*", "", text) for name, text in texts.items()}


# Size.


NO_FUNCTION = r"(namespace|class|struct|enum|union|using|extern|constexpr|const|static const)\b"


def cpp_functions(text):
    """First line and length of every block that begins at the left edge and is no type or namespace.

    The formatter puts the closing brace of such a block at the left edge as well.
    """
    lines = text.splitlines()
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and re.match(r"[A-Za-z~]", line) and not re.match(NO_FUNCTION, line):
            start = number
        if start is not None and re.match(r"\S.*;$", line):
            start = None
        if line.startswith("}"):
            if start is not None:
                yield start, number - start + 1
            start = None


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def test_no_file_is_too_long():
    long = [f"{name}: {len(text.splitlines())} lines" for name, text in CODE.items()
            if len(text.splitlines()) > LONGEST_FILE_LINES]
    long += [f"{name}: {len(text.splitlines())} lines" for name, text in CPP.items()
             if name.endswith(".hpp") and not name.startswith("tests/")
             and len(text.splitlines()) > LONGEST_HEADER_LINES]
    none(long)


def test_no_function_is_too_long():
    long = []
    for name, text in CODE.items():
        functions = (python_functions(text) if name.endswith(".py") else
                     cpp_functions(text) if name.endswith((".cpp", ".hpp")) else ())
        long += [f"{name}:{line}: {length} lines" for line, length in functions
                 if length > LONGEST_FUNCTION_LINES]
    none(long)


def longest_line(name, line):
    formatted = name in CPP and "//" not in line and '"' not in line
    return LONGEST_CPP_LINE if formatted else LONGEST_HAND_WRAPPED_LINE


def test_no_line_is_too_long():
    long = [f"{name}:{number}: {len(line)} columns" for name, text in CODE.items()
            for number, line in enumerate(text.splitlines(), 1)
            if len(line) > longest_line(name, line)]
    none(long)


# Layers.


@pytest.mark.parametrize("folder, forbidden", [("agent", "bridge"), ("bridge", "agent"),
                                               ("common", "agent"), ("common", "bridge")])
def test_the_programs_do_not_know_each_other(folder, forbidden):
    mine = {name: text for name, text in CPP.items() if name.startswith(f"{folder}/")}
    assert mine
    none(offences(mine, rf'#include "{forbidden}/'))


@pytest.mark.parametrize("header, allowed", [
    (r"<(mqtt/|MQTTAsync|MQTTClient)", r"common/mqtt_"),
    (r"<curl/", r"bridge/delivery/|agent/live/libcurl\.hpp$"),
    (r'"agent/live/libcurl\.hpp"', r"agent/(live/(http_get|libcurl)|fallback_sender)\.cpp$"),
    (r"<sqlite3\.h>", r"bridge/store"),
    (r"<simdjson\.h>", r"bridge/alarm_reader\.cpp$"),
    (r"<openssl/", r"bridge/notifiers/"),
    (r"<windows\.h>|<winsock2\.h>", r".*_win32\.[ch]pp$"),
    (r"<(unistd|fcntl|poll|spawn|sys/\w+|netinet/\w+|netdb|dlfcn)\.h>|<(csignal|signal\.h)>",
     r".*_posix\.[ch]pp$|bridge/delivery/"),
    (r"<muParser", r"agent/rules/"),
    (r"<(zlib\.h|expat\.h)>", r"agent/formats/"),
])
def test_a_library_has_one_user(header, allowed):
    none(offences(PROGRAMS, rf"#include {header}",
                    lambda name: re.match(allowed, name)))


def test_only_the_two_mains_read_the_clock():
    clock = (r"(system_clock|steady_clock|high_resolution_clock)::now|::time\(|\btime\(nullptr|"
             r"\b(localtime|gettimeofday|clock_gettime|GetSystemTime\w*)\(")
    sources = without_comments(PROGRAMS)
    none(offences(sources, clock,
                    lambda name: Path(name).stem == "main" or name == "common/log.cpp"))


def test_only_the_log_source_opens_logs():
    agent = {name: text for name, text in PROGRAMS.items() if name.startswith("agent/")}
    console = r'(?!\(L"CONOUT\$")'  # which is no file
    opening = rf"\b(ifstream|fstream|fopen|CreateFile[AW]?{console}|_wfopen|::open)\b"
    none(offences(without_comments(agent), opening,
                    lambda name: name.startswith("agent/source/log_file_")))


def test_no_number_depends_on_the_locale():
    locale = r"\b(strto[dfl]|strtol|strtoul|sto[dfil]|stoul|stoll|ato[fil]|setlocale|sscanf)\b"
    none(offences(without_comments(PROGRAMS), locale))


def test_platforms_differ_in_files_not_in_lines():
    none(offences(PROGRAMS, r"^\s*#\s*(if|ifdef|ifndef|elif)\b",
                    lambda name: re.search(r"_(win32|posix)\.[ch]pp$", name)))


def test_there_are_no_macros():
    none(offences(PROGRAMS, r"^\s*#\s*define\b",
                    lambda name: re.search(r"_win32\.[ch]pp$", name)))


# Headers, tests, words.


def test_headers_open_with_what_they_are_for():
    headers = {name: text for name, text in CPP.items() if name.endswith(".hpp")}
    none([name for name, text in headers.items() if "#pragma once" not in text])
    none([name for name, text in headers.items() if not text.startswith("// ")])
    none(offences(headers, r"using namespace"))


def test_no_header_is_left_unused():
    includes = set(re.findall(r'#include "([^"]+)"', "\n".join(CPP.values())))
    none([name for name in CPP if name.endswith(".hpp") and name not in includes])


def test_every_cpp_test_asserts():
    empty = []
    for name, text in CPP.items():
        if not name.endswith("_test.cpp"):
            continue
        helpers, *tests = re.split(r"^(?=TEST(?:_F|_P)?\()", text, flags=re.M)
        for test in tests:
            if not re.search(r"EXPECT_|ASSERT_|FAIL\(|expect_|check_", test + helpers):
                empty.append(f"{name}: {test.splitlines()[0]}")
    none(empty)


def test_every_python_test_asserts():
    empty = []
    for name, text in CODE.items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = ast.get_source_segment(text, node)
                if not re.search(r"\bassert\b|pytest\.raises|wait_|expect|check|none\(", words):
                    empty.append(f"{name}: {node.name}")
    none(empty)


def test_nothing_is_left_for_later():
    marks = "|".join(("TO" "DO", "FIX" "ME", "XX" "X", "HA" "CK"))
    none(offences(TEXTS, rf"\b({marks})\b"))


def test_nothing_names_a_machine_or_a_registry():
    places = "|".join(("/wo" "rk/", "/ro" "ot/", "/ho" "me/(?!user|you)", "py" r"pi\.org",
                       "npm" r"js\.org", r"deb\.deb" "ian", "crat" r"es\.io", "conan" r"\.io"))
    none(offences(TEXTS, places))


# As the services make them. Those of the tests are made at each run, or have no such form.
CREDENTIALS = {
    "private key": r"PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/=]{40}",
    "Slack": r"xox[abeprs]-\d{9,}-|hooks\.slack\.com/services/T\w{8,}/B\w{8,}/\w{20}",
    "Discord": r"discord(?:app)?\.com/api/webhooks/\d{17,}/[\w-]{60}",
    "Telegram": r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b",
    "Feishu, Lark": r"/open-apis/bot/v2/hook/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-",
    "DingTalk": r"access_token=[0-9a-f]{64}\b",
    "WeCom": r"webhook/send\?key=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-",
    "Teams": r"(?:webhook\.office|logic\.azure|powerplatform)\.com\S+sig=[\w%-]{40}",
    "GitHub": r"\bgh[opsu]_\w{36}\b",
    "a signed token": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
}


@pytest.mark.parametrize("service", CREDENTIALS)
def test_no_credential_would_work_elsewhere(service):
    none([f"{name}: {found[0]}" for name, text in TEXTS.items()
          if (found := re.search(CREDENTIALS[service], text))])


def test_nothing_stands_outside_the_layout():
    layout = {".ci", ".github", "agent", "bridge", "common", "config", "deploy", "docs", "schemas",
              "tests"}
    none([name for name in NAMES if "/" in name and name.split("/")[0] not in layout])


def test_text_files_are_clean():
    none(offences(TEXTS, r"[ \t]+$", lambda name: name.endswith(".md")))
    none([name for name, text in TEXTS.items() if text and not text.endswith("\n")])
    none([name for name, text in TEXTS.items() if "\r" in text and "cases" not in name])


@pytest.mark.parametrize("script", [name for name, text in TEXTS.items() if name.endswith(".sh")
                                    or text.startswith("#!/usr/bin/env bash")])
def test_scripts_can_be_read_by_bash(script):
    done = subprocess.run(["bash", "-n", PROJECT / script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_scripts_with_a_first_line_can_be_run():
    none([name for name, text in TEXTS.items() if text.startswith("#!")
            and not os.access(PROJECT / name, os.X_OK)])


def test_every_library_has_its_reason():
    packages = re.findall(r"\blib[a-z0-9-]+-dev\b", TEXTS["deploy/packages.sh"])
    reasons = TEXTS["docs/dependencies.md"]
    assert packages
    none([package for package in packages if package not in reasons])


# Tables: what has a row is described, tried, and known to the schema.


def rows_of(folder, kind):
    """The names of the `kind` values that the sources of a folder define."""
    sources = "\n".join(text for name, text in CPP.items()
                        if name.startswith(folder) and name.endswith(".cpp"))
    return sorted(set(re.findall(rf'const {kind} k\w+{{\s*(?:\.name = )?"(\w+)"', sources)))


def expect_all(names, file):
    assert names and file in TEXTS, f"{file} is missing"
    none([f"{name} is not in {file}" for name in names
          if not re.search(rf"\b{name}\b", TEXTS[file])])


def test_every_format_is_described_and_tried():
    names = rows_of("agent/formats/", "Format")
    expect_all(names, "docs/formats.md")
    cases = [name for name in NAMES if name.startswith("tests/cases/")]
    none([f"tests/cases has no log of {name}" for name in names
          if not any(f"formats/{name}/" in case or f".{name}." in case for case in cases)])


def test_every_notifier_is_described_and_tried():
    names = rows_of("bridge/notifiers/", "NotifierType")
    expect_all(names, "docs/notifiers.md")
    none([f"tests/cases/delivery has no success_{name}" for name in names
          if f"tests/cases/delivery/success_{name}/expected.jsonl" not in NAMES])


def test_every_kind_of_rule_is_described():
    names = rows_of("agent/rules/kinds/", "MeasureKind")
    expect_all(names, "docs/rules.md")
    expect_all(names, "schemas/rules.schema.json")

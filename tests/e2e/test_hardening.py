"""The programs as they are shipped: what the compiler and the linker can do against an overwritten
memory is in them."""

import subprocess

import pytest


def told_by(tool, *arguments):
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True,
                          check=True, timeout=60).stdout


@pytest.mark.parametrize("name", ["agent", "bridge"])
def test_release_programs_are_hardened(programs, name):
    program = getattr(programs, name)
    assert "DYN (Position-Independent Executable file)" in told_by("readelf", "-hW", program)
    segments = {line.split()[0]: line.split() for line in
                told_by("readelf", "-lW", program).splitlines() if "GNU_" in line}
    assert "GNU_RELRO" in segments, "the table of imported functions can be overwritten"
    assert segments["GNU_STACK"][6] == "RW", "the stack can be executed"
    dynamic = told_by("readelf", "-dW", program)
    assert "BIND_NOW" in dynamic and "NOW PIE" in dynamic
    imported = told_by("nm", "-D", "--undefined-only", program)
    assert "__stack_chk_fail" in imported, "no stack protector"
    assert "_chk@" in imported.replace("__stack_chk_fail@", ""), "no FORTIFY_SOURCE"

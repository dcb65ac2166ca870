"""The command line: ``auditkit COMMAND``.

``main`` runs one command and returns its exit code; every error that a person can act on is told in a line without a
traceback. Nothing heavy is imported before the command that needs it: ``auditkit --help`` is as quick as Python
itself allows.

Exit codes: 0 done; 2 usage; 3 configuration; 4 data; 5 some reports failed, or the machine lacks something that
reports need; 130 interrupted; 1 a fault of the program.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130
PIPE_CLOSED = 141  # as a shell reports SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; ``argv`` without the program's name. Returns the exit code."""
    from auditkit.errors import AuditError

    _print_in_utf8()
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        return code
    except AuditError as error:
        for problem in error.problems:
            print(f"auditkit: {problem}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        _close_output()
        return PIPE_CLOSED
    except Exception as error:
        if str(error) == "Query interrupted":  # DuckDB's word for Ctrl-C
            return _interrupted()
        return _unforeseen(error)


def _interrupted() -> int:
    print("auditkit: interrupted; nothing was left half-written", file=sys.stderr)
    return INTERRUPTED


def _run(argv: list[str]) -> int:
    """Hand over to typer; its own usage errors end with code 2 and a hint."""
    import typer

    from auditkit.cli.app import app

    command = typer.main.get_command(app)
    try:
        return int(command.main(args=argv, prog_name="auditkit", standalone_mode=False) or 0)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except Exception as error:
        if not (hasattr(error, "exit_code") and hasattr(error, "format_message")):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            return error.exit_code
        print(f"auditkit: {error.format_message()}", file=sys.stderr)
        context = getattr(error, "ctx", None)
        print(f"Try '{context.command_path if context else 'auditkit'} --help'.", file=sys.stderr)
        return error.exit_code


def _unforeseen(error: Exception) -> int:
    """A full disk is told as such; anything else is a fault of the program and keeps its traceback."""
    import errno
    import traceback

    disk = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
    if isinstance(error, OSError) and error.errno in disk:
        from auditkit.errors import DataError

        place = error.filename or "the output"
        print(
            f"auditkit: {place}: cannot be written: {error.strerror}. Free some disk space and run again.",
            file=sys.stderr,
        )
        _close_output()
        return DataError.exit_code
    traceback.print_exception(error)
    print(
        "auditkit: This is a fault of auditkit, please report it with the lines above and `auditkit doctor`.",
        file=sys.stderr,
    )
    return 1


def _print_in_utf8() -> None:
    """Names of teams are in all scripts, whatever the console's code page is."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            if not stream.isatty():
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="replace")


def _close_output() -> None:
    """Keep Python from complaining at its end about an output that is gone."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return

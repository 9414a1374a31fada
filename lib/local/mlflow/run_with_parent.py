"""Runs a program for as long as standard input is open.

The process that starts this one holds the other end of standard input. When that process lets go or is gone, however it went, the
program is asked to end, and after a few seconds everything in the process group is killed. Start it in a process group of its own.
"""

import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 2


def main() -> int:
    """Runs the program that the arguments name and ends as it ends."""
    # The group is asked as a whole, and this process has to outlive the program. The program does not inherit a handler.
    signal.signal(signal.SIGTERM, lambda *_: None)
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    parent_let_go = threading.Event()
    watch = threading.Thread(target=end_with_parent, args=(program, parent_let_go), daemon=True)
    watch.start()
    status = program.wait()
    if parent_let_go.is_set():
        watch.join()
    return status if status >= 0 else 128 - status  # as shells do for a program that a signal ended


def end_with_parent(program: "subprocess.Popen[bytes]", parent_let_go: threading.Event) -> None:
    """Waits for the end of standard input, then ends the program and whatever it started, this process included."""
    while os.read(0, 1024):
        pass
    parent_let_go.set()
    os.killpg(0, signal.SIGTERM)
    try:
        program.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    os.killpg(0, signal.SIGKILL)


sys.exit(main())

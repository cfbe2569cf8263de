"""Run a program in a pseudo-terminal: terminal.py '[["wait for", "then type"], ...]' program ...

Prints all that appeared on the terminal; ends with the program's exit code. Test tool.
"""

import json
import os
import pty
import sys


def main(steps: list[list[str]], command: list[str]) -> int:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    seen = b""
    waiting = 0
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            chunk = b""
        if not chunk:
            break
        seen += chunk
        if steps and steps[0][0].encode() in seen[waiting:]:
            waiting = len(seen)
            os.write(terminal, steps.pop(0)[1].encode())
    sys.stdout.buffer.write(seen)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))

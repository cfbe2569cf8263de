"""A program that waits for stop signals as a worker does, over and over, while threads of its own
and two other processes are busy."""

import os
import random
import signal
import sys
import threading
import time

from worker import STOP_SIGNALS, wait_for_stop_signal


def busy_process() -> None:
    parent = os.getpid()
    if os.fork() == 0:
        while os.getppid() == parent:
            pass
        os._exit(0)


def busy_thread() -> None:
    while True:
        time.sleep(0.0005)
        sum(range(3000))


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    for _ in range(2):
        busy_process()
    for _ in range(4):
        threading.Thread(target=busy_thread, daemon=True).start()
    for number in range(int(sys.argv[1])):
        print(number, flush=True)  # a signal is sent at any moment from here
        sum(range(random.randrange(40_000)))
        wait_for_stop_signal()
    print("all came", flush=True)

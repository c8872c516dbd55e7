# SPDX-License-Identifier: ISC
"""The members: real programs, their input, which is noted line by line with the
time when it was written, and their output."""

import os
import select
import signal
import subprocess
import time

CHUNK = 32768  # bytes of input prepared at a time
READ = 65536


class Member:
    """One mchat.  `said` has a time for each line of which at least one byte
    was taken by its input; `lines` those that still wait as well."""

    def __init__(self, spec, lan, mchat, folder):
        self.spec, self.name = spec, spec.name
        self.lines, self.said = [], []
        self.queued = 0  # of the lines, those that went into a chunk
        self.chunk, self.starts, self.taken = b"", [], 0
        self.joined = None  # when it was seen to be in the group
        self.fate = "running"
        self.status = None
        self.ended = None  # when it was seen to have ended
        self.is_closing = self.ends_in_midline = False
        self.is_stalled = False
        self.path = os.path.join(folder, spec.name)
        self.reader = self.sink = None
        self.start(lan, mchat)

    def start(self, lan, mchat):
        command = lan.on(self.spec.host) + [
            mchat, "-v", "-f", "json", "-n", self.name,
            "-H", str(self.spec.history)]
        if self.spec.rcvbuf:
            command += ["--rcvbuf", str(self.spec.rcvbuf)]
        if not self.spec.talks:
            command.append("-R")
        self.born = time.time()
        with open(self.path + ".err", "wb") as err:
            out = self.open_output()
            self.process = subprocess.Popen(
                command, stdout=out, stderr=err,
                stdin=subprocess.PIPE if self.spec.talks
                else subprocess.DEVNULL)
        os.close(out)
        self.input = None
        if self.spec.talks:
            self.input = self.process.stdin.fileno()
            os.set_blocking(self.input, False)

    def open_output(self):
        if not self.spec.has_fifo:
            return os.open(self.path + ".out", os.O_WRONLY | os.O_CREAT)
        os.mkfifo(self.path + ".fifo")
        self.reader = os.open(self.path + ".fifo",
                              os.O_RDONLY | os.O_NONBLOCK)
        self.sink = open(self.path + ".out", "wb", buffering=0)
        out = os.open(self.path + ".fifo", os.O_WRONLY)
        os.unlink(self.path + ".fifo")
        return out

    # ---- input ----

    def say(self, line):
        self.lines.append(line)

    def wants_to_write(self):
        return self.input is not None and (
            self.queued < len(self.lines) or bool(self.chunk))

    def fill_chunk(self):
        parts, size, self.starts, self.taken = [], 0, [], 0
        while self.queued < len(self.lines) and size < CHUNK:
            line = self.lines[self.queued]
            self.queued += 1
            is_last = self.is_closing and self.queued == len(self.lines)
            if not (is_last and self.ends_in_midline and line):
                line += b"\n"
            self.starts.append(size)
            parts.append(line)
            size += len(line)
        self.chunk = b"".join(parts)

    def write(self):
        while self.wants_to_write():
            if not self.chunk:
                self.fill_chunk()
            now = time.time()
            try:
                count = os.write(self.input, self.chunk)
            except BlockingIOError:
                return
            except BrokenPipeError:
                self.close_input()
                return
            self.taken += count
            while self.starts and self.starts[0] < self.taken:
                self.starts.pop(0)
                self.said.append(now)
            self.chunk = self.chunk[count:]

    def close(self, ends_in_midline):
        """The input ends as soon as all is written."""
        self.is_closing = True
        self.ends_in_midline = ends_in_midline

    def close_input(self):
        if self.input is not None:
            self.process.stdin.close()
            self.input = None
            self.chunk = b""

    # ---- output ----

    def drain(self):
        """Reads the FIFO as its reader would."""
        while self.reader is not None and not self.is_stalled:
            try:
                some = os.read(self.reader, READ)
            except BlockingIOError:
                return
            if not some:
                os.close(self.reader)
                self.reader = None
                self.sink.close()
                return
            self.sink.write(some)

    def errors(self):
        with open(self.path + ".err", "rb") as err:
            return err.read().decode(errors="backslashreplace")

    # ---- life ----

    def is_running(self):
        return self.status is None

    def has_finished(self):
        """It has ended, and all that it printed is in its file."""
        return not self.is_running() and self.reader is None

    def signal(self, number):
        if self.is_running():
            self.process.send_signal(number)

    def kill(self, fate):
        self.fate = fate
        self.signal(signal.SIGKILL)

    def look(self):
        """Notes whether it joined, and whether it ended."""
        if self.joined is None and "mchat: in " in self.errors():
            self.joined = time.time()
        if self.is_closing and not self.wants_to_write():
            self.close_input()
        if self.is_running() and self.process.poll() is not None:
            self.status = self.process.returncode
            self.ended = time.time()
            if self.fate == "running":
                self.fate = "left"
            self.close_input()

    def save_input(self):
        with open(self.path + ".in", "wb") as copy:
            copy.write(b"\n".join(self.lines[:len(self.said)]) + b"\n")


class Members:
    def __init__(self):
        self.all = {}

    def running(self):
        return [m for m in self.all.values() if m.is_running()]

    def turn(self, timeout):
        """Writes and reads what is to be, for up to so many seconds."""
        poll, actions = select.poll(), {}
        for member in self.all.values():
            if member.wants_to_write():
                poll.register(member.input, select.POLLOUT)
                actions[member.input] = member.write
            if member.reader is not None and not member.is_stalled:
                poll.register(member.reader, select.POLLIN)
                actions[member.reader] = member.drain
        for fd, _ in poll.poll(max(0, int(timeout * 1000))):
            actions[fd]()
        for member in self.all.values():
            if member.is_running() or member.input is not None:
                member.look()

    def kill_all(self):
        for member in self.all.values():
            if member.is_running():
                member.kill("left over")
                member.process.wait()

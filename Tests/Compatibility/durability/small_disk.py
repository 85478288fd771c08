"""A small disk that a test can fill, and can make read-only."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

# Root needs no user namespace; most machines let others have one.
WAYS = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])
BLOCK = 4096


class SmallDisk:
    """A file system in memory, mounted at a folder in a namespace of its own: nobody else's disk can fill up.

    A process that does nothing keeps the namespace while no host runs.
    """

    def __init__(self, folder: Path, mebibytes: int):
        folder.mkdir()
        self._folder = folder
        problems = []
        for way in WAYS:
            mount = f"mount -t tmpfs -o size={mebibytes}m,mode=0700 tmpfs {shlex.quote(str(folder))} && echo mounted && exec cat"
            # Its input is the test's: it ends with the test, however that ends.
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            self._keeper = subprocess.Popen([*way, "sh", "-c", mount], **pipes)
            if self._keeper.stdout.readline() == b"mounted\n":
                self._enter = ["nsenter", "--target", str(self._keeper.pid), "--mount"]
                self._enter += ["--user"] if "--map-root-user" in way else []
                return
            problems.append(self._keeper.communicate()[1].decode().strip())
        pytest.skip(f"nothing can be mounted here: {'; '.join(problems)}")

    def program(self, binary: Path, path: Path) -> Path:
        """What runs the binary with this disk, under the same process id."""
        path.write_text(f'#!/bin/sh\nexec {shlex.join([*self._enter, str(binary)])} "$@"\n')
        path.chmod(0o700)
        return path

    @property
    def _root(self) -> Path:
        """The folder, seen from outside."""
        return Path(f"/proc/{self._keeper.pid}/root{self._folder}")

    @property
    def _filler(self) -> Path:
        return self._root / "filler"

    def fill(self) -> None:
        """Until not a single block more can be written."""
        filler = os.open(self._filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            while os.write(filler, bytes(BLOCK)):
                pass
        except OSError as error:
            assert "No space left" in str(error), error
        finally:
            os.close(filler)

    def make_little_room(self, blocks: int) -> None:
        os.truncate(self._filler, self._filler.stat().st_size - blocks * BLOCK)

    def is_full(self) -> bool:
        return os.statvfs(self._root).f_bavail == 0

    def make_room(self) -> None:
        self._filler.unlink()

    def forbid_writing(self, folder: str = ".") -> None:
        """In all of it, or in one folder, where programs may have files open."""
        if folder == ".":
            self._mount("remount,ro", folder)
        else:
            self._mount("bind", folder, folder)
            self._mount("remount,bind,ro", folder)

    def allow_writing(self, folder: str = ".") -> None:
        self._mount("remount,rw" if folder == "." else "remount,bind,rw", folder)

    def _mount(self, options: str, *folders: str) -> None:
        paths = [str(self._folder / folder) for folder in folders]
        subprocess.run([*self._enter, "mount", "-o", options, *paths], check=True, capture_output=True)

    def close(self) -> None:
        self._keeper.communicate()

"""The fuzzer finds what it is there for: its target `faulty` does all that must not happen."""

import re
import subprocess

import pytest

INPUT = {"trap": b"a trap is here", "hang": b"a hang is here", "memory": b"a memory is here"}


@pytest.fixture
def fuzz(attache_binary, tmp_path):
    """Runs the fuzzer with an empty corpus, unless the test puts something there."""

    def run(*words):
        options = ["--corpus", tmp_path / "corpus", "--findings", tmp_path / "findings"]
        limits = ["--seconds-per-input", "0.5", "--megabytes", "120"]
        command = [attache_binary.parent / "attache-fuzz", *words, *options, *limits]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    return run


@pytest.mark.parametrize("kind", INPUT)
def test_an_input_that_must_not_be_is_kept_and_the_line_that_reads_it_told(fuzz, tmp_path, kind):
    corpus = tmp_path / "corpus/faulty"
    corpus.mkdir(parents=True)
    (corpus / "a").write_bytes(b"harmless")
    (corpus / "b").write_bytes(INPUT[kind])
    outcome = fuzz("faulty", "--seconds", "1")
    assert outcome.returncode == 1, outcome.stderr
    [path] = re.findall(rf"script/fuzz faulty (\S+-{kind}-\S+)$", outcome.stdout, re.MULTILINE)[:1]
    assert open(path, "rb").read() == INPUT[kind]


def test_faults_are_found_without_a_corpus_and_the_fuzzer_goes_on_after_them(fuzz):
    outcome = fuzz("faulty", "--seconds", "4")
    assert outcome.returncode == 1, outcome.stderr
    assert "trap: FuzzTargets/FuzzTarget+Faulty.swift" in outcome.stdout
    assert re.search(r"^  hang:", outcome.stdout, re.MULTILINE)
    assert "a trap" in outcome.stdout


def test_the_same_seed_makes_the_same_inputs(fuzz, tmp_path):
    first, second = fuzz("faulty", "--seconds", "1"), fuzz("faulty", "--seconds", "1")
    paths = [re.findall(r"script/fuzz faulty (\S+)$", outcome.stdout, re.MULTILINE)[0] for outcome in (first, second)]
    assert paths[0] == paths[1]


def test_a_target_that_withstands_everything_ends_with_0(fuzz):
    outcome = fuzz("client-frame", "--seconds", "1")
    assert outcome.returncode == 0, outcome.stdout
    assert re.search(r"^fuzz: 1 targets, \d{3,} inputs in 1 s with seed 1: nothing found$", outcome.stdout, re.MULTILINE)


def test_what_cannot_be_asked_for_is_said(fuzz):
    outcome = fuzz("no-such-target")
    assert (outcome.returncode, outcome.stderr) == (2, "fuzz: there is no target 'no-such-target'; --list names them\n")

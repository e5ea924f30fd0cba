from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.reports.batch import choose_engine, run_batch, summary_lines
from volresearch.reports.engine_fork import ForkEngine
from volresearch.reports.engine_nbclient import NbclientEngine
from volresearch.reports.jobs import Engine, Job, Limits
from volresearch.reports.seal import key_in

Template = Callable[..., Path]
MakeJob = Callable[..., Job]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks on Linux only")


def test_run_batch__a_cell_fails__fails_that_report_with_cell_and_error_and_no_other(
    template: Template, job: MakeJob, engine: Engine, tmp_path: Path
) -> None:
    path = template("print('hello', word)", "if word == 'bad':\n    raise ValueError('no such word')")
    outcomes = run_batch(
        [job(path, "one", word="good"), job(path, "two", word="bad"), job(path, "three", word="fine")],
        tmp_path / "out",
        engine=engine,
    )
    assert [item.status for item in outcomes] == ["done", "failed", "done"]
    assert outcomes[1].cell == 3
    assert outcomes[1].error == "ValueError: no such word"
    assert "two" in outcomes[1].message()
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["failed", "one.html", "three.html"]
    partial = (tmp_path / "out" / "failed" / "two.ipynb").read_text(encoding="utf-8")
    assert "hello bad" in partial


def test_run_batch__a_failed_report_is_mended__takes_the_partial_away(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    bad = job(template("1 / 0"), "one")
    run_batch([bad], tmp_path / "out")
    assert (tmp_path / "out" / "failed" / "one.ipynb").exists()
    run_batch([job(template("1 / 1"), "one")], tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["one.html"]


def test_run_batch__a_report_runs_too_long__is_ended_and_named(
    template: Template, job: MakeJob, engine: Engine, tmp_path: Path
) -> None:
    path = template("import time\nif word == 'slow':\n    time.sleep(600)")
    limits = Limits(seconds=8)
    begun = time.monotonic()
    outcomes = run_batch(
        [job(path, "slow", limits, word="slow"), job(path, "quick", word="quick")],
        tmp_path / "out",
        engine=engine,
        workers=2,
    )
    assert [item.status for item in outcomes] == ["timeout", "done"]
    assert "limit of 8 seconds" in outcomes[0].error
    assert time.monotonic() - begun < 60
    assert not (tmp_path / "out" / "slow.html").exists()


def test_run_batch__too_much_memory__fails_and_tells_the_limit(
    template: Template, job: MakeJob, engine: Engine, tmp_path: Path
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("memory is limited on Linux only")
    path = template("block = bytearray(int(word))")
    limits = Limits(seconds=60, memory_mb=1000)
    outcomes = run_batch(
        [job(path, "large", limits, word="3000000000"), job(path, "small", limits, word="30")],
        tmp_path / "out",
        engine=engine,
    )
    assert [item.status for item in outcomes] == ["failed", "done"]
    assert "MemoryError" in outcomes[0].error
    assert "1000 MB" in outcomes[0].error


def test_run_batch__a_process_is_killed__names_the_report(
    template: Template, job: MakeJob, engine: Engine, tmp_path: Path
) -> None:
    path = template("import os, signal\nif word == 'bad':\n    os.kill(os.getpid(), signal.SIGKILL)")
    outcomes = run_batch(
        [job(path, "dead", word="bad"), job(path, "alive", word="good")], tmp_path / "out", engine=engine
    )
    assert [item.status for item in outcomes] == ["killed", "done"]
    assert "dead" in outcomes[0].message()


@linux
def test_run_batch__a_child_leaves_by_itself__counts_as_killed(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    outcomes = run_batch([job(template("import os\nos._exit(7)"), "gone")], tmp_path / "out")
    assert outcomes[0].status == "killed"
    assert "exit code 7" in outcomes[0].error


def test_run_batch__both_engines__make_the_same_page(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("forks on Linux only")
    path = template(
        "#md # A heading\n\nand *text*",
        "import random\nimport numpy as np\nprint(word, random.random(), np.random.rand())",
        "from IPython.display import HTML\nHTML('<p>' + word + '</p>')",
        "word * 2",
        "import sys\nprint(list({'a', 'b', 'c', 'd'}))",
    )
    pages = []
    for engine in (ForkEngine(), NbclientEngine()):
        (outcome,) = run_batch([job(path, "same", word="w")], tmp_path / "out", engine=engine)
        assert outcome.status == "done", outcome.error
        pages.append(Path(outcome.target).read_bytes())
    assert pages[0] == pages[1]
    assert b"<h2" in pages[0]
    assert pages[0].count(b"<h1") == 1


def test_run_batch__global_state_of_one_report__does_not_reach_the_next(
    template: Template, job: MakeJob, engine: Engine, tmp_path: Path
) -> None:
    path = template(
        "import pandas as pd, os, tempfile, random\n"
        "print('fresh' if 'LEAK' not in os.environ and pd.options.display.max_rows == 60 else 'LEAKED')\n"
        "os.environ['LEAK'] = '1'; pd.options.display.max_rows = 7\n"
        "print(tempfile.gettempdir()); print('draw', random.random())"
    )
    outcomes = run_batch([job(path, name) for name in "ab"], tmp_path / "out", engine=engine, workers=1)
    pages = [Path(item.target).read_text(encoding="utf-8") for item in outcomes]
    assert all("fresh" in page and "LEAKED" not in page for page in pages)
    lines = [
        [line for line in page.splitlines() if ".volresearch-" in line or "draw" in line] for page in pages
    ]
    assert len(lines[0]) == 2
    assert not set(lines[0]) & set(lines[1])


def test_run_batch__resume__skips_only_what_is_unchanged(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    path = template("print(word)")
    jobs = [job(path, "one", word="1"), job(path, "two", word="2")]
    run_batch(jobs, tmp_path / "out")
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir()}
    two = jobs[1]
    changed = Job(two.name, two.template, two.target, two.values, {**two.page, "key": "11aa"}, two.limits)
    outcomes = run_batch([jobs[0], changed], tmp_path / "out", resume=True)
    after = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir()}
    assert [item.status for item in outcomes] == ["skipped", "done"]
    assert before["one.html"] == after["one.html"]
    assert before["two.html"] != after["two.html"]
    assert key_in(Path(two.target)) == "11aa"


def test_run_batch__resume_finds_a_cut_page__makes_it_again(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    one = job(template("print(word)"), "one")
    run_batch([one], tmp_path / "out")
    target = Path(one.target)
    target.write_text(target.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    (outcome,) = run_batch([one], tmp_path / "out", resume=True, overwrite=True)
    assert outcome.status == "done"
    assert target.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_run_batch__a_foreign_or_edited_file_stands_there__is_refused_unless_overwrite(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    one = job(template("print(word)"), "one")
    target = Path(one.target)
    target.parent.mkdir()
    target.write_text("my own notes", encoding="utf-8")
    with pytest.raises(VolResearchError) as caught:
        run_batch([one], tmp_path / "out")
    assert caught.value.code == "export.exists"
    assert target.read_text(encoding="utf-8") == "my own notes"
    (outcome,) = run_batch([one], tmp_path / "out", overwrite=True)
    assert outcome.status == "done"
    assert run_batch([one], tmp_path / "out")[0].status == "done"
    target.write_text(target.read_text(encoding="utf-8").replace("none", "edited"), encoding="utf-8")
    with pytest.raises(VolResearchError, match=r"one\.html"):
        run_batch([one], tmp_path / "out")


def test_run_batch__a_report_fails_where_a_page_stands__keeps_the_old_page(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    (first,) = run_batch([job(template("print('first')"), "one")], tmp_path / "out")
    (second,) = run_batch([job(template("print('second')", "1 / 0"), "one")], tmp_path / "out")
    assert (first.status, second.status) == ("done", "failed")
    assert "first" in Path(first.target).read_text(encoding="utf-8")


@linux
def test_run_batch__interrupted__keeps_what_is_finished_and_leaves_no_process(
    template: Template, tmp_path: Path
) -> None:
    path = template("import time\nif word == 'slow':\n    print('waiting', flush=True)\n    time.sleep(600)")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from volresearch.reports.batch import run_batch\n"
        "from volresearch.reports.jobs import Job\n"
        f"out = Path({str(tmp_path / 'out')!r})\n"
        f"jobs = [Job(w, {str(path)!r}, str(out / (w + '.html')), {{'word': w}}, {{'key': 'aa'}}) for w in ('quick', 'slow', 'never')]\n"
        "done = run_batch(jobs, out, workers=1, ended=lambda o: print(o.name, flush=True), started=lambda j: print('start', j.name, flush=True))\n"
        "print([o.status for o in done], flush=True)\n",
        encoding="utf-8",
    )
    running = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("start slow"):
            break
    running.send_signal(signal.SIGINT)
    rest = running.stdout.read()
    assert running.wait(timeout=30) == 0
    assert "['done', 'stopped', 'stopped']" in rest
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["quick.html"]


@linux
def test_run_batch__called_from_a_script_without_a_main_guard__works(
    template: Template, tmp_path: Path
) -> None:
    path = template("print(word)")
    program = tmp_path / "program.py"
    program.write_text(
        "from volresearch.reports.batch import run_batch\n"
        "from volresearch.reports.jobs import Job\n"
        f"print('ran'); o = run_batch([Job('a', {str(path)!r}, {str(tmp_path / 'out' / 'a.html')!r})], {str(tmp_path / 'out')!r})\n"
        "print(o[0].status)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ran", "done"]


def test_run_batch__a_killed_batch_left_its_work_folder__sweeps_it(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    if os.name != "posix":
        pytest.skip("processes are asked for by signal 0")
    left = tmp_path / "out" / ".volresearch-999999999-abc"
    left.mkdir(parents=True)
    run_batch([job(template("1"), "one")], tmp_path / "out")
    assert not left.exists()


def test_choose_engine__unknown_name__names_those_there_are() -> None:
    with pytest.raises(VolResearchError) as caught:
        choose_engine("spark")
    assert "nbclient" in caught.value.expected


def test_summary_lines__outcomes_of_every_kind__give_a_table_and_counts(
    template: Template, job: MakeJob, tmp_path: Path
) -> None:
    outcomes = run_batch(
        [job(template("1"), "good"), job(template("1 / 0", name="bad.ipynb"), "bad")], tmp_path / "out"
    )
    lines = summary_lines(outcomes)
    assert lines[-1] == "2 reports: 1 done, 1 failed"
    assert any("cell 2: ZeroDivisionError: division by zero" in line for line in lines)

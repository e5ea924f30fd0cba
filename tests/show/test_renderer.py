import os
import pickle
import subprocess
import sys

import pytest

from volresearch.errors import VolResearchError
from volresearch.show.renderer import Renderer, RendererClient, render_svg, use

SPEC = {
    "data": {"values": [{"a": 1}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}


@pytest.fixture(scope="module")
def renderer():
    with Renderer.start() as one:
        use(one.client)
        yield one
        use(None)


def test_renderer__spec__comes_back_as_svg(renderer):
    assert render_svg(SPEC).startswith("<svg")


def test_renderer__broken_spec__raises_and_goes_on_serving(renderer):
    with pytest.raises(VolResearchError) as error:
        render_svg({"mark": 3})
    assert error.value.code == "show.render"
    assert render_svg(SPEC).startswith("<svg")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_renderer__forked_children__draw_at_the_same_time(renderer):
    render_svg(SPEC)
    children = []
    for _ in range(3):
        pid = os.fork()
        if not pid:
            os._exit(0 if render_svg(SPEC).startswith("<svg") else 1)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0]


def test_client__pickled_into_another_process__draws(renderer):
    code = (
        "import pickle,sys;from volresearch.show.renderer import use,render_svg;"
        f"use(pickle.loads(bytes.fromhex('{pickle.dumps(renderer.client).hex()}')));"
        f"print(render_svg({SPEC!r})[:4]);print('vl_convert' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["<svg", "False"]


def test_client__wrong_key__is_turned_away_and_others_are_served(renderer):
    with pytest.raises(Exception, match="digest"):
        RendererClient(renderer.client.address, b"wrong").ask("svg", SPEC)
    assert render_svg(SPEC).startswith("<svg")


def test_renderer__closed__has_ended():
    one = Renderer.start()
    one.close()
    assert one._process.returncode is not None

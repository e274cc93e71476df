"""docs/costs.py --check, which lint runs: the page and the example must say what the arithmetic comes to."""

import shutil
import subprocess
import sys

import plan
import pytest

PLACES = ["docs/costs.py", "docs/deploy.md", "terraform/terraform.tfvars.example"]


def check(folder) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, folder / "docs/costs.py", "--check"], capture_output=True, text=True)


@pytest.fixture
def tree(tmp_path):
    for place in PLACES:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        shutil.copy(plan.REPOSITORY / place, tmp_path / place)
    return tmp_path


def test_the_pages_say_what_is_computed(tree):
    assert check(tree).returncode == 0


@pytest.mark.parametrize(("place", "before", "after"), [
    ("docs/deploy.md", "| **EMR**", "| **EMR**, cheap"),
    ("terraform/terraform.tfvars.example", "dollars a month", "cents a month"),
    ("docs/costs.py", '"shard hour": 0.015', '"shard hour": 0.15'),
])  # fmt: skip
def test_another_figure_is_refused(tree, place, before, after):
    text = (tree / place).read_text()
    assert before in text
    (tree / place).write_text(text.replace(before, after))
    refused = check(tree)
    assert refused.returncode == 1 and ("costs.py" in refused.stderr or "should say" in refused.stderr)

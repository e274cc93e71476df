"""Fixtures that several files share: one SeaweedFS and one moto for the whole run, started when a test first asks."""

import pytest
from athena_shim import AthenaShim
from aws_lakes import AWSLake
from glue_shim import GlueShim
from servers import Moto, SeaweedFS


@pytest.fixture(scope="session")
def seaweedfs():
    """S3 and an Iceberg REST catalog; a test takes a bucket of its own with `new_bucket` or `new_table_bucket`."""
    with SeaweedFS() as server:
        yield server


@pytest.fixture(scope="session")
def moto_server():
    with Moto() as server:
        yield server


@pytest.fixture
def moto(moto_server):
    """The other AWS services, empty."""
    moto_server.reset()
    yield moto_server


@pytest.fixture(scope="session")
def glue_shim(moto_server):
    with GlueShim(moto_server.endpoint) as shim:
        yield shim


@pytest.fixture
def glue(moto, glue_shim):
    """Glue with its version check, empty."""
    glue_shim.reset()
    yield glue_shim


@pytest.fixture(scope="session")
def athena_shim(moto_server):
    with AthenaShim(moto_server.endpoint) as shim:
        yield shim


@pytest.fixture
def athena(moto, athena_shim):
    """Athena whose executions go through states, empty."""
    athena_shim.reset()
    yield athena_shim


@pytest.fixture
def new_lake(request, seaweedfs, tmp_path):
    """Makes empty lakes on S3, of a kind each; Glue is started for one that needs it."""

    def make(kind: str) -> AWSLake:
        glue = request.getfixturevalue("glue") if kind == "glue" else None
        return AWSLake(kind, seaweedfs, glue, tmp_path)

    return make

"""The short version of `make faults`: the scaled set-up really runs, is broken, and loses nothing."""

import pytest

from benchmarks.cluster import Cluster, running_cluster
from benchmarks.faults import Outcome, faults_of, learn, try_out
from benchmarks.postgres import NotInstalledError
from tests.conftest import skip_unless_ci


@pytest.fixture(scope="module")
def cluster():
    try:
        with running_cluster() as running:
            yield running
    except NotInstalledError as error:
        skip_unless_ci(str(error))


@pytest.fixture(scope="module")
def expected(cluster: Cluster) -> dict[tuple[str, ...], str]:
    return learn(cluster.address)


@pytest.mark.parametrize("fault", ["kill -9: Rasa", "PostgreSQL killed and started", "Redis stopped and started"])
def test_nothing_is_lost_doubled_or_mixed_up(cluster: Cluster, expected: dict[tuple[str, ...], str], fault: str):
    broken = faults_of(cluster)[fault]
    found = try_out(fault, broken, cluster.address, cluster.postgres.url(), expected, visitors=3, after=5)
    # How long it takes says more about this machine than about us; `make faults` looks at that.
    assert found == Outcome(
        fault=fault, sent=found.sent, answered=found.sent, lost=0, doubled=0, mixed=0, retried=found.retried, untold=0,
        calm=found.calm, longest=found.longest,
    )  # fmt: skip
    assert found.sent > 3

"""What every test may ask for: invented companies, data beside the repository, a fixed Hypothesis."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from rungs import release, tools

from xlwings_addin import log
from xlwings_addin.sample import SampleCompany, SampleFiles, generate

# Programs for another Python, that of Windows or of LibreOffice, benchmarks, whose peers nobody needs for the tests,
# and what freezes a release: there are no tests to collect in them.
collect_ignore_glob = ["rungs/_*.py", "benchmarks/*.py", "workbooks/*.py"]

# Timing says more about the machine than about the code; in CI the same examples every time.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session", autouse=True)
def _nothing_unforeseen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A log of the tests' own, in which no worksheet function and no button has written anything by the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("LOCALAPPDATA", os.environ["XDG_STATE_HOME"])
        log.listen()
        yield
        assert log.entries(log.log_file()) == []


@pytest.fixture(scope="session")
def sample_company() -> SampleCompany:
    """Three years, 400 customers, 20,000 invoices."""
    return generate()


@pytest.fixture(scope="session")
def small_company() -> SampleCompany:
    """A year and a half of a company small enough to look at."""
    return generate(months=18, customers=40, invoices=1_500)


@pytest.fixture(scope="session")
def sample_files(sample_company: SampleCompany, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return sample_company.write(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def small_files(small_company: SampleCompany, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return small_company.write(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def ibm_folder() -> Path:
    """A real set of 2,466 invoices, with independent reference values; never part of the repository."""
    return tools.shared("data/ibm")


@pytest.fixture(scope="session")
def published_values() -> Path:
    return tools.shared("cases/published_values.csv")


@pytest.fixture(scope="session")
def release_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release for Windows, for one Python."""
    return release.made(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def release_folder(release_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.unpacked(release_file, tmp_path_factory.mktemp("unpacked"))

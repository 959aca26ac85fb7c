"""What every test may ask for: invented companies, data beside the repository, a fixed Hypothesis."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from rungs import release, tools
from typed_workbooks import TWO_ITEMS, refresh

from xlwings_addin import log
from xlwings_addin.ledger.model import Ledger
from xlwings_addin.ledger.reader import read_ledger
from xlwings_addin.sample import SampleCompany, SampleFiles, generate

# Before the first import of them: what they assert is shown as a test's own words are.
pytest.register_assert_rewrite("calendars", "desk")

from desk import Desk  # noqa: E402

# Programs for another Python, that of Windows or of LibreOffice, benchmarks, whose peers nobody needs for the tests,
# and what freezes a release: there are no tests to collect in them.
collect_ignore_glob = ["rungs/_*.py", "benchmarks/*.py", "workbooks/*.py"]

# Timing says more about the machine than about the code; in CI the same examples every time.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session", autouse=True)
def _nothing_unexpected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A log of the tests' own, in which no worksheet function and no button has written anything by the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("LOCALAPPDATA", os.environ["XDG_STATE_HOME"])
        log.listen()
        yield
        assert log.entries(log.log_file()) == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow without saying so: a test that starts another program, asks for a fixture that does, or for a release."""
    for item in items:
        if isinstance(item, pytest.Function):
            fixtures = item._fixtureinfo.name2fixturedefs
            functions = [item.function, *(one.func for found in fixtures.values() for one in found)]
            if "release_file" in fixtures or any(tools.STARTING.intersection(f.__code__.co_names) for f in functions):
                item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One process for one file: more take longer to start than the tests of most files."""
    files = {argument.partition("::")[0] for argument in config.args}
    return 0 if len(files) == 1 and Path(*files).is_file() else None


@pytest.fixture(scope="session")
def sample_company() -> SampleCompany:
    """Three years, 400 customers, 20,000 invoices."""
    return generate()


@pytest.fixture(scope="session")
def small_company() -> SampleCompany:
    """A year and a half of a company small enough to look at."""
    return generate(months=18, customers=40, invoices=1_500)


@pytest.fixture(scope="session")
def january(two_items: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of two items as of the end of January, their file beside it."""
    path = tmp_path_factory.mktemp("january") / "january.xlsx"
    path.with_name("items.csv").write_text(TWO_ITEMS)
    refresh(two_items, "2024-01-31", path)
    return path


@pytest.fixture(scope="session")
def two_items(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger of two customers and an item each."""
    path = tmp_path_factory.mktemp("ledger") / "items.csv"
    path.write_text(TWO_ITEMS)
    return read_ledger([path])


@pytest.fixture(scope="session")
def sample_files(sample_company: SampleCompany, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return sample_company.write(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def small_files(small_company: SampleCompany, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return small_company.write(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def desk_company() -> SampleCompany:
    """What the clerk at the desk works for: small, as Excel's part is played cell by cell."""
    return generate(months=14, customers=25, invoices=200)


@pytest.fixture(scope="session")
def desk_files(desk_company: SampleCompany, tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    return desk_company.write(tmp_path_factory.mktemp("company"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The time, one hour later at each look."""
    at = [1_793_606_400]

    def tick() -> None:
        at[0] += 3600
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(at[0]))

    tick()
    return tick


@pytest.fixture
def desk(
    clock: Callable[[], None],
    desk_files: SampleFiles,
    desk_company: SampleCompany,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Desk(clock, desk_files, desk_company, tmp_path)


@pytest.fixture(scope="session")
def ibm_folder() -> Path:
    """A real set of 2,466 invoices, with independent reference values; never part of the repository."""
    return tools.shared("data/ibm")


@pytest.fixture(scope="session")
def published_values() -> Path:
    return tools.shared("cases/published_values.csv")


@pytest.fixture(scope="session")
def release_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release for Windows, for one Python; made once, whichever process asks first."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder) / "release"
    with FileLock(f"{folder}.lock"):
        found = list(folder.glob("*.zip"))
        return found[0] if found else release.made(folder)


@pytest.fixture(scope="session")
def release_folder(release_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.unpacked(release_file, tmp_path_factory.mktemp("unpacked"))

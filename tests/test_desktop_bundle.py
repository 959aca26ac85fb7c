"""The release for Windows: complete, reproducible, every file with its digest and licence, nothing in it not free."""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

import pytest
import xlwings
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rungs import release, tools

from xlwings_addin.cli import cli
from xlwings_addin.desktop import DesktopError, bundle, wheels
from xlwings_addin.desktop.wheels import PYTHONS, Wheel

ROOT = tools.REPOSITORY
SCRIPT = ROOT / "xlwings_addin" / "desktop" / "install.ps1"


def digest(data):
    return hashlib.sha256(data).hexdigest()


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def contents(release_folder):
    """Downloads the packages of one Python for Windows, where they were not kept from before."""
    return files_in(release_folder)


# ---------------------------------------------------------------- the whole


def test_made_twice_it_is_the_same_to_the_byte(release_file, tmp_path):
    clone = tmp_path / "another clone"
    clone.mkdir()
    for name in ("udfs", "xlwings_addin", "workbook_templates"):
        shutil.copytree(ROOT / name, clone / name, copy_function=shutil.copy)  # with today's dates
    for name in ("pyproject.toml", "README.md", "LICENSE", "THIRD_PARTY_NOTICES.md"):
        shutil.copy(ROOT / name, clone)
    again = release.made(tmp_path / "out", clone)
    assert again.read_bytes() == release_file.read_bytes()
    stated, name = again.with_name(f"{again.name}.sha256").read_text().split()
    assert (stated, name) == (digest(again.read_bytes()), release_file.name)


def test_every_file_is_named_with_its_licence_and_digest(contents):
    rows = {row["File"]: row for row in csv.DictReader(io.StringIO(contents["CONTENTS.csv"].read_text("utf-8")))}
    assert rows.keys() == contents.keys()
    sums = dict(reversed(line.split("  ")) for line in contents["SHA256SUMS"].read_text().splitlines())
    assert sums.keys() == contents.keys() - {"SHA256SUMS"}
    for name, path in contents.items():
        assert rows[name]["Licence"]
        if name not in ("CONTENTS.csv", "SHA256SUMS"):
            assert rows[name]["SHA-256"] == digest(path.read_bytes())
        if name != "SHA256SUMS":
            assert sums[name] == digest(path.read_bytes())


def test_each_package_comes_with_its_licence_texts(contents):
    packages = {f"{Wheel(path).name}-{Wheel(path).version}" for name, path in contents.items() if name.endswith(".whl")}
    told = {PurePosixPath(name).parts[1] for name in contents if name.startswith("licences/")}
    assert told == packages
    assert {"xlwings", "pywin32", "numpy", "pandas", "receivables"} <= {name.partition("-")[0] for name in packages}
    assert b"Zoomer Analytics" in contents[f"licences/xlwings-{xlwings.__version__}/LICENSE.txt"].read_bytes()


def test_what_the_licence_keeps_back_is_not_in_it(contents):
    (ours,) = (path for name, path in contents.items() if "wheelhouse/xlwings-" in name)
    assert ours.name.split("-")[2] == wheels.BUILD_TAG
    with zipfile.ZipFile(ours) as parts:
        names = parts.namelist()
        assert not [name for name in names if re.search(r"pro/|xlwingslib|LICENSE_PRO", name)]
        assert b"License-File: LICENSE_PRO" not in parts.read(f"xlwings-{xlwings.__version__}.dist-info/METADATA")
        assert f"xlwings-{xlwings.__version__}.data/data/xlwings64-{xlwings.__version__}.dll" in names
        assert f"xlwings-{xlwings.__version__}.data/data/xlwings32-{xlwings.__version__}.dll" in names
    assert not [name for name in contents if "PRO" in name]


def test_the_rest_of_xlwings_is_as_it_was_published(contents):
    (ours,) = (path for name, path in contents.items() if "wheelhouse/xlwings-" in name)
    (published,) = (one.path for one in wheels.wheels_in(release.WHEELS) if one.name == "xlwings")
    with zipfile.ZipFile(ours) as parts, zipfile.ZipFile(published) as original:
        changed = [name for name in parts.namelist() if parts.read(name) != original.read(name)]
    assert [PurePosixPath(name).name for name in sorted(changed)] == ["METADATA", "RECORD", "WHEEL"]


def test_the_records_of_the_wheels_written_here_hold(contents):
    for name, path in contents.items():
        if not re.search(r"wheelhouse/(xlwings|receivables_addin)-", name):
            continue
        with zipfile.ZipFile(path) as parts:
            (record,) = (one for one in parts.namelist() if one.endswith(".dist-info/RECORD"))
            rows = {row[0]: row for row in csv.reader(io.StringIO(parts.read(record).decode()))}
            assert rows.keys() == set(parts.namelist())
            for part, (_, stated, size) in rows.items():
                data = parts.read(part)
                sha = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                assert part == record or (stated, int(size)) == (f"sha256={sha}", len(data))


def test_the_add_in_outside_is_the_one_inside(contents):
    (own,) = (path for name, path in contents.items() if "wheelhouse/receivables_addin-" in name)
    with zipfile.ZipFile(own) as parts:
        inside = parts.read("workbook_templates/Receivables.xlam")
        assert {"xlwings_addin/desktop/doctor.py", "xlwings_addin/vba/ArPython.bas"} <= set(parts.namelist())
    assert inside == contents["Receivables.xlam"].read_bytes()


# ---------------------------------------------------------------- the bill of materials


def test_the_bill_of_materials_names_everything_once(contents):
    bill = json.loads(contents["sbom.cdx.json"].read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    components = {one["bom-ref"]: one for one in bill["components"]}
    assert len(components) == len(bill["components"])
    packages = {PurePosixPath(name).name: path for name, path in contents.items() if name.endswith(".whl")}
    assert {ref for ref, one in components.items() if one["type"] == "library"} == packages.keys()
    for ref, path in packages.items():
        one = components[ref]
        assert one["hashes"] == [{"alg": "SHA-256", "content": digest(path.read_bytes())}]
        assert one["licenses"][0]["expression"]
        assert one.get("purl", f"pkg:pypi/{one['name']}@{one['version']}") == f"pkg:pypi/{one['name']}@{one['version']}"
    told = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert {ref for refs in told.values() for ref in refs} <= components.keys()
    by_name = {components[ref]["name"]: ref for ref in packages}
    assert by_name["pywin32"] in told[by_name["xlwings"]]
    assert by_name["numpy"] in told[by_name["receivables-addin"]]


# ---------------------------------------------------------------- the packages


def locked(python):
    lines = (ROOT / wheels.LOCKS / f"windows-{python}.txt").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"([\w-]+)==([\w.]+) --hash=sha256:([0-9a-f]{64})", line) for line in lines[1:]]
    assert all(found)
    return {one[1]: one[2] for one in found}


@pytest.mark.parametrize("python", PYTHONS)
def test_the_list_of_each_python_has_what_the_project_asks_for(python):
    chosen = locked(python)
    for need in wheels.needed(wheels.project(ROOT)["dependencies"], python):
        assert need.specifier.contains(chosen[canonicalize_name(need.name)]), need
    assert chosen.keys() == locked(PYTHONS[0]).keys()
    assert {"pywin32", "tzdata"} <= chosen.keys()  # asked for on Windows alone


def test_what_a_package_needs_on_windows_alone_is_missed():
    need = [Requirement("a>=1"), Requirement("b; sys_platform == 'win32'"), Requirement("c; sys_platform == 'linux'")]
    assert wheels.missing([], "3.13", wheels.needed(map(str, need), "3.13")) == ["a>=1", "b"]


def test_a_changed_package_is_not_taken(contents, tmp_path):
    name = next(PurePosixPath(one).name for one in contents if "wheelhouse/click-" in one)
    for path in release.WHEELS.glob("*.whl"):
        shutil.copy(path, tmp_path)
    (tmp_path / name).write_bytes(b"something else")
    found = release.tried(lambda: wheels.fetched(ROOT, release.PYTHON, tmp_path))
    assert locked(release.PYTHON).keys() == {one.name for one in found}
    assert (tmp_path / name).read_bytes() == contents[f"wheelhouse/{name}"].read_bytes()


def wheel_of(folder, metadata, *, licence="x 1 LICENSE"):
    path = folder / "thing-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("thing-1.dist-info/METADATA", f"Name: thing\nVersion: 1\n{metadata}\n")
        if licence:
            parts.writestr("thing-1.dist-info/LICENSE", licence)
    return Wheel(path)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("License-Expression: MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("License: MIT", "MIT"),
        ("License: PSF", "PSF-2.0"),
        ("Classifier: License :: OSI Approved :: MIT License", "MIT"),
    ],
)
def test_licences_are_read_from_what_a_package_says(tmp_path, metadata, expected):
    assert bundle.licence_of(wheel_of(tmp_path, metadata)) == expected


def test_a_package_with_an_unclear_licence_or_none_is_refused(tmp_path):
    with pytest.raises(DesktopError, match="thing 1 does not say its licence clearly"):
        bundle.licence_of(wheel_of(tmp_path, "Classifier: License :: OSI Approved :: BSD License"))
    with pytest.raises(DesktopError, match="thing 1 carries no licence text"):
        bundle.licence_texts(wheel_of(tmp_path, "License: MIT", licence=""))


def test_what_is_no_clone_or_has_no_list_is_told(tmp_path):
    with pytest.raises(DesktopError, match="is not a clone of the project"):
        bundle.write(tmp_path, tmp_path, [])
    with pytest.raises(DesktopError, match=r"There is no .*windows-3\.10\.txt: run `receivables bundle --lock"):
        wheels.fetched(ROOT, "3.10", tmp_path)


# ---------------------------------------------------------------- install.ps1


def test_the_script_is_short_enough_to_read_and_plain():
    text = SCRIPT.read_bytes()
    assert text.isascii()  # PowerShell 5.1 takes what has no mark for the PC's own code page
    assert len(text.splitlines()) < 60
    for opening, closing in ("()", "{}", "[]"):
        bare = re.sub(r"'[^']*'", "''", text.decode())
        assert bare.count(opening) == bare.count(closing)
    # Of later versions, which a PC need not have; and nothing that loads or sends.
    assert not re.search(r"\?\?|&&|\|\||-Parallel|Invoke-WebRequest|Invoke-RestMethod|http", text.decode())


def test_the_script_calls_what_there_is():
    text = SCRIPT.read_text("ascii")
    commands = set(re.findall(r"xlwings_addin'?,? '?(\w+)", text)) | set(
        re.findall(r"receivables\.exe'\) @\('(\w+)'", text)
    )
    assert commands == {"install", "doctor", "uninstall"}
    assert commands <= cli.commands.keys()
    assert set(release.pip_options(text)) == {
        "--isolated", "--quiet", "--no-index", "--no-deps", "--require-hashes",
    }  # fmt: skip


def test_the_script_removes_nothing_but_what_installed_json_names():
    text = SCRIPT.read_text("ascii")
    # What is removed are members of $own, and these come out of the record alone.
    removals = re.findall(r"^.*Remove-Item.*$", text, re.MULTILINE)
    assert [line.strip() for line in removals] == [
        "Remove-Item -LiteralPath $old -Recurse -Force",
        "$own | Where-Object { $_ -ne $environment } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }",
    ]
    assert "foreach ($old in $own) {" in text
    (source,) = re.findall(r"^\$own = .*", text, re.MULTILINE)
    assert "'Receivables\\installed.json'" in source
    assert "ForEach-Object { $_.environments }" in source
    # A folder that Python would clear is one of them, too.
    assert text.index("$own -notcontains $environment") < text.index("'--clear', $environment")


def test_the_script_asks_python_for_its_version_and_size_in_a_way_it_can_read():
    (asked,) = re.findall(r"-c '([^']+)'", SCRIPT.read_text("ascii"))
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    (pattern,) = re.findall(r"-match '([^']+)'", SCRIPT.read_text("ascii"))
    assert re.fullmatch(pattern, said)
    assert said.split()[:2] == [str(part) for part in sys.version_info[:2]]


def test_the_script_finds_the_lists_and_the_version_by_the_names_they_have(contents):
    text = SCRIPT.read_text("ascii")
    lists = [PurePosixPath(name).name for name in contents if "wheelhouse/requirements-" in name]
    assert lists == [f"requirements-{release.PYTHON}.txt"]
    (cut,) = re.findall(r"BaseName\.Substring\((\d+)\)", text)
    assert lists[0].removesuffix(".txt")[int(cut) :] == release.PYTHON
    (own,) = (PurePosixPath(name).name for name in contents if "wheelhouse/receivables_addin-" in name)
    assert own.split("-")[1] in contents["INSTALL.txt"].read_text("ascii").splitlines()[0]
    assert contents["install.ps1"].read_bytes() == text.replace("\n", "\r\n").encode()


def test_the_command_says_what_it_wrote_and_what_it_needs(release_file, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = ["bundle", "--python", release.PYTHON, "--wheels", str(release.WHEELS), "--out", str(tmp_path)]
    ended = CliRunner().invoke(cli, arguments)
    assert ended.exit_code == 0
    assert ended.output == "".join(
        f"written: {tmp_path / name}\n" for name in (release_file.name, f"{release_file.name}.sha256")
    )
    monkeypatch.chdir(tmp_path)
    assert "is not a clone of the project" in CliRunner().invoke(cli, ["bundle"]).output

"""The files of deploy/ are what their programs expect; Docker and Kubernetes themselves can't run here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from benchmarks.postgres import NotInstalledError, install
from tests.conftest import ROOT, skip_unless_ci

DEPLOY = ROOT / "deploy"
RESOURCES = sorted(path for path in (DEPLOY / "kustomize").glob("*.yaml") if path.name != "kustomization.yaml")
SETTINGS = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "docs/instellingen.md").read_text("utf-8")))


def documents() -> list[dict]:
    return [each for path in RESOURCES for each in yaml.safe_load_all(path.read_text("utf-8"))]


def test_compose_is_as_its_schema_says():
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, DEPLOY / "compose.yml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_names_only_files_that_are_there():
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    for service in compose["services"].values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith(".") and source != "./tls":
                assert (DEPLOY / source).exists(), source
    assert (ROOT / compose["x-assistent"]["build"]["dockerfile"]).exists()


@pytest.mark.parametrize("document", documents(), ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_kubernetes_resources_are_as_their_schemas_say(document: dict):
    kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


def test_kustomize_names_every_resource_once():
    named = yaml.safe_load((DEPLOY / "kustomize/kustomization.yaml").read_text("utf-8"))["resources"]
    assert sorted(named) == [path.name for path in RESOURCES]


def test_what_is_selected_is_there():
    labels = {
        each["spec"]["template"]["metadata"]["labels"]["deel"] for each in documents() if each["kind"] == "Deployment"
    }
    services = {each["spec"]["selector"]["deel"] for each in documents() if each["kind"] == "Service"}
    policies = {
        each["spec"]["podSelector"]["matchLabels"]["deel"] for each in documents() if each["kind"] == "NetworkPolicy"
    }
    assert services <= labels
    assert policies == labels, "every part has a policy that says who may speak to it"


@pytest.mark.parametrize("name", ["geheimen.voorbeeld.env", "systemd/omgeving.voorbeeld"])
def test_examples_set_only_settings_that_exist(name: str):
    lines = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / name).read_text("utf-8"), re.MULTILINE)
    assert {line for line in lines if not line.startswith("POSTGRES_")} <= SETTINGS


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_units_are_as_systemd_expects(unit: Path):
    if not shutil.which("systemd-analyze"):
        skip_unless_ci("systemd is not installed")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert wrong == []


def test_nginx_takes_its_configuration(tmp_path: Path):
    try:
        nginx = install("nginx", "nginx-light")
    except NotInstalledError as error:
        skip_unless_ci(str(error))
    tls = tmp_path / "tls"
    tls.mkdir()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                    "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem"], check=True,
                   capture_output=True)  # fmt: skip
    shutil.copy(DEPLOY / "nginx/gateways.conf", tmp_path)
    text = (DEPLOY / "nginx/nginx.conf").read_text("utf-8")
    text = text.replace("/etc/techniekpact", str(tmp_path)).replace("/run/nginx.pid", str(tmp_path / "nginx.pid"))
    (tmp_path / "nginx.conf").write_text(text, "utf-8")
    done = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

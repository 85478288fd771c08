"""Unmodified boto3 clients and the AWS CLI, pointed at a local endpoint."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from support.process import clean_environment

REGION = "us-east-1"
CLI_SECONDS = 30


@cache
def _session() -> boto3.Session:
    """One session for all: it keeps the models, which take a while to load."""
    return boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=REGION)


def client(service: str, url: str, attempts: int = 1, validates: bool = True):
    """A client without retries (unless asked for), so that a test sees what the service answered."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        parameter_validation=validates,
        connect_timeout=10,
        read_timeout=20,
        proxies={},
        max_pool_connections=50,
    )
    return _session().client(service, endpoint_url=url, config=config)


def cli(url: str, *arguments: str) -> subprocess.CompletedProcess:
    """Runs `aws ARGUMENTS --endpoint-url URL`."""
    environment = clean_environment(
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE="/dev/null",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_MAX_ATTEMPTS="1",
        AWS_PAGER="",
        PYTHONUTF8="1",
    )
    command = [sys.executable, "-m", "awscli", *arguments, "--endpoint-url", url, "--output", "json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=CLI_SECONDS)


def cli_json(url: str, *arguments: str) -> dict:
    done = cli(url, *arguments)
    assert done.returncode == 0, f"aws {' '.join(arguments)} failed:\n{done.stderr}"
    return json.loads(done.stdout) if done.stdout.strip() else {}


@dataclass
class Refusal:
    """An error as an SDK reports it."""

    status: int
    type: str
    message: str
    request_id: str


def refusal(call, *arguments, **parameters) -> Refusal:
    """What the service refuses the call with; fails if it does not."""
    try:
        answer = call(*arguments, **parameters)
    except ClientError as error:
        metadata = error.response["ResponseMetadata"]
        details = error.response["Error"]
        return Refusal(metadata["HTTPStatusCode"], details["Code"], details["Message"], metadata.get("RequestId", ""))
    raise AssertionError(f"it was not refused: {answer}")

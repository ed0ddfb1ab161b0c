"""Runs commands of the distribution's awscli in one process, since starting it takes longer than most of them.

Reads a JSON array a line, writes a JSON object a line. ["ec2", "describe-vpcs"] is a command of awscli;
["signed", "eks", "GET", "/clusters/x/access-entries", "{}"] is a request that its botocore signs, for what is newer than its models.
"""

import contextlib
import io
import json
import os
import sys
import urllib.error
import urllib.request

# First: it is this that makes the rest importable, under this name.
from awscli.clidriver import create_clidriver

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

endpoint, region = sys.argv[1:3]
driver = create_clidriver()


def signed(service, method, path, body):
    data = body.encode() if method != "GET" else b""
    request = AWSRequest(method=method, url=endpoint + path, data=data, headers={"content-type": "application/json"})
    keys = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    SigV4Auth(keys, service, region).add_auth(request)
    prepared = request.prepare()
    call = urllib.request.Request(prepared.url, data=data or None, headers=dict(prepared.headers), method=method)
    try:
        with urllib.request.urlopen(call, timeout=30) as answer:
            return {"code": 0, "output": answer.read().decode(), "error": ""}
    except urllib.error.HTTPError as refusal:
        kind = refusal.headers["x-amzn-ErrorType"]
        return {"code": refusal.code, "output": "", "error": f"({kind}) {refusal.read().decode()}"}


def run(command):
    output, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        try:
            code = driver.main(command + ["--endpoint-url", endpoint, "--region", region, "--output", "json"])
        except SystemExit as end:
            code = end.code
    return {"code": code, "output": output.getvalue(), "error": error.getvalue()}


for line in sys.stdin:
    words = json.loads(line)
    answer = signed(*words[1:]) if words[0] == "signed" else run(words)
    print(json.dumps(answer), flush=True)

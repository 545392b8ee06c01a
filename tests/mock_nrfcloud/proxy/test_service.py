"""A run whose service knows only one address of nRF Cloud: the real one."""

from __future__ import annotations

from pathlib import Path

from tests.project import Project, make_project

SERVICE = """
import http.server, sys, urllib.error, urllib.request

class Asking(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = 200, b""
        if self.path != "/health":
            try:
                with urllib.request.urlopen("https:/" + self.path) as answer:
                    body = answer.read()
            except urllib.error.URLError as error:
                status, body = 502, str(error.reason).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Asking).serve_forever()
"""

SETTINGS = """
[values]
APIURL = "{service_url}"

[service]
command = "{python} service.py {port}"

[mock]
proxy = true
"""

FEATURE = """
# Devices

## They are those of nRF Cloud

Given this nRF Cloud API request is queued for a `GET /v1/devices` request

```
HTTP/1.1 200 OK
Content-Type: application/json

{ "total": 0 }
```

When I `GET` `${APIURL}/api.nrfcloud.com/v1/devices`

Then the last response should match

```json
{ "total": 0 }
```

And the nRF Cloud API should have been called with

```
GET /v1/devices HTTP/1.1
Host: api.nrfcloud.com
```

## Nobody else is reached

When I `GET` `${APIURL}/other.example/`

Then the status code of the last response should be `502`

"""


def project(folder: Path, settings: str = SETTINGS) -> Project:
    made = make_project(folder, {"devices.feature.md": FEATURE})
    made.write("service.py", SERVICE)
    made.write("nrfcloud-bdd.toml", settings)
    return made


def test_it_is_intercepted(tmp_path: Path) -> None:
    # What a developer has set for everything else does not lead past the mock.
    env = {"https_proxy": "http://127.0.0.1:1", "NO_PROXY": "*", "no_proxy": "*"}
    done = project(tmp_path).behave(env=env)
    assert done.status == 0, done.text
    assert "2 scenarios passed" in done.out

"""A large suite stays small in memory."""

from __future__ import annotations

from pathlib import Path

from tests.bad_input.live import COMMANDS, live
from tests.project import make_project

SCENARIOS = 2000
PER_FEATURE = 100
SCENARIO = """
## Scenario {number}

Given I store `{{"n": {number}, "padding": "some text that is kept"}}` into `value{number}`

Then `value{number}` should match

```json
{{"n": "$number{{value{number}.n}}"}}
```

And this nRF Cloud API request is queued for a `GET /v1/devices/{number}` request

```
HTTP/1.1 200 OK
Content-Type: application/json

{{"id": "{number}"}}
```
"""


def test_2000_scenarios_stay_under_200_mebibytes(tmp_path: Path) -> None:
    """With all reports written."""
    features = {}
    for first in range(0, SCENARIOS, PER_FEATURE):
        scenarios = (SCENARIO.format(number=n) for n in range(first, first + PER_FEATURE))
        features[f"f{first:04}.feature.md"] = f"# Feature {first}\n" + "".join(scenarios)
    project = make_project(tmp_path, features)
    with live(project, *COMMANDS["run"], "--report", "out", "-f", "progress") as run:
        done, peak = run.done_and_peak()
    assert done.status == 0, done.text[-3000:]
    assert f"{SCENARIOS} scenarios passed, 0 failed" in done.out
    assert f"{3 * SCENARIOS} steps passed" in done.out
    assert peak < 200 * 1024 * 1024

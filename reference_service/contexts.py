"""The `@context` URLs that say what kind of document a JSON object is. Constants only."""

from typing import Final

_PROTO: Final = "https://github.com/hello-nrfcloud/proto/"

DEVICE_IDENTITY: Final = _PROTO + "deviceIdentity"
FOTA_BUNDLES: Final = _PROTO + "fota/bundles"
FOTA_JOB: Final = _PROTO + "fota/job"
FOTA_JOBS: Final = _PROTO + "fota/jobs"
FOTA_JOB_EXECUTIONS: Final = _PROTO + "fota/job-executions"
HEALTH: Final = _PROTO + "api/health"
OBJECT_UPDATE: Final = _PROTO + "lwm2m/object/update"
PROBLEM: Final = _PROTO + "ProblemDetail"
SHADOW: Final = _PROTO + "shadow"

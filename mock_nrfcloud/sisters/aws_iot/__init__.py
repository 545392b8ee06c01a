"""The twin "aws-iot": jobs and job executions of AWS IoT, as far as cancelling an execution needs.

The rules are those of the AWS IoT API Reference (CancelJobExecution and its neighbours). Pure, but
for the IDs of requests. docs/aws-iot-twin.md has the assumptions.
"""

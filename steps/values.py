"""Steps on stored values."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Expression, StoredName, Takes, takes
from harness.bdd.phrases import repeatable
from harness.capabilities.blocks import expected_block

use_step_matcher("phrase")


@step("I store `{expression}` into `{name}`")
@takes(Takes.NOTHING)
def store(context: Context, expression: Expression, name: StoredName) -> None:
    """Store what a JSONata expression over the stored values gives.

    - `expression`: JSONata, for example `$fromMillis($millis())`
    - `name`: the name under which it is stored

    Fails if the expression is invalid or has no value.

        Given I store `$millis()` into `ts`
    """
    context.session.values.store_result(expression, name)


@step("I have a[n] random number between `{low:d}` and `{high:d}` in `{name}`")
@takes(Takes.NOTHING)
def store_random_number(context: Context, low: int, high: int, name: StoredName) -> None:
    """Store a random whole number; both ends are included.

    Given I have a random number between `1` and `6` in `eyes`
    """
    context.session.values.store_random_number(low, high, name)


@step("I have a[n] random {kind} in `{name}`")
@takes(Takes.NOTHING)
def store_random(context: Context, kind: str, name: StoredName) -> None:
    """Store a new random value of a kind.

    - `kind`: `UUIDv4`, `email`, `IMEI` (15 digits of the Nordic range, with a valid check digit),
      `ULID`, `map public device id` (three words), `cell ID`

    Fails if there is no such kind, and names those there are.

        Given I have a random UUIDv4 in `jobId`
    """
    context.session.values.store_random(kind, name)


@step("I have a user's email in `{name}`")
@takes(Takes.NOTHING)
def store_email(context: Context, name: StoredName) -> None:
    """Store a new random email address (at example.com: no mail ever arrives).

    Given I have a user's email in `email`
    """
    context.session.values.store_random("email", name)


@step("`{expression}` should match")
@repeatable
@takes(Takes.EXPECTED)
def value_matches(context: Context, expression: Expression) -> None:
    """Assert that a JSONata expression over the stored values matches the code block.

    - `expression`: JSONata
    - code block: `json`; objects are partial, arrays hold in any order

    Fails with every difference and its path.

        Then `jobs[0]` should match

        ```json
        { "status": "SUCCEEDED" }
        ```
    """
    expected = expected_block(context.text)
    context.session.values.check(expression, expected, exact=False)


@step("`{expression}` should equal")
@repeatable
@takes(Takes.EXPECTED)
def value_equals(context: Context, expression: Expression) -> None:
    """Assert that a JSONata expression over the stored values equals the code block.

    - `expression`: JSONata
    - code block: `json`; the order of keys is free, everything else counts

    Fails with every difference and its path.

        Then `ts > 0` should equal

        ```json
        true
        ```
    """
    expected = expected_block(context.text)
    context.session.values.check(expression, expected, exact=True)

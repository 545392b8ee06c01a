"""Steps of your own: a sentence and what it does."""

from behave import step, use_step_matcher
from behave.runner import Context

use_step_matcher("phrase")


@step("I have an order of `{count:d}` devices in `{name}`")
def order(context: Context, count: int, name: str) -> None:
    """Store an order for the steps that follow.

    Given I have an order of `3` devices in `order`
    """
    context.session.values.store(name, {"count": count})

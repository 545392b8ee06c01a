"""Two phrases that match one step."""

from behave import step, use_step_matcher

use_step_matcher("phrase")


@step("I pause for `{seconds:g}` seconds[ more]")
def wait_again(context, seconds):
    raise NotImplementedError


@step("I pause for `{seconds}` seconds more")
def wait_more(context, seconds):
    raise NotImplementedError

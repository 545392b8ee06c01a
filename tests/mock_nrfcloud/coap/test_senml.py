from __future__ import annotations

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import BddError
from mock_nrfcloud.coap.senml import MAX_RECORDS, from_labels, to_labels


def test_an_example_of_the_rfc_is_written_as_there() -> None:
    """RFC 8428, 6: the example of 5.1.3, but with floats as Python's JSON has them."""
    pack = [
        {"bn": "urn:dev:ow:10e2073a01080063:", "bt": 1.320067464e09, "bu": "%RH", "v": 20},
        {"t": 60, "v": 20.3},
    ]
    assert to_labels(pack) == [
        {-2: "urn:dev:ow:10e2073a01080063:", -3: 1.320067464e09, -4: "%RH", 2: 20},
        {6: 60, 2: 20.3},
    ]


RECORD = st.fixed_dictionaries(
    {},
    optional={
        "bn": st.text(),
        "bver": st.integers(0, 20),
        "n": st.text(),
        "v": st.floats(allow_nan=False),
        "vs": st.text(),
        "vb": st.booleans(),
        "vd": st.sampled_from(["", "AQ", "AQID", "_-8"]),
        "own": st.integers(),
    },
)


@given(st.lists(RECORD))
def test_what_is_written_is_read_again(pack: list[dict[str, object]]) -> None:
    assert from_labels(cbor2.loads(cbor2.dumps(to_labels(pack)))) == pack


@pytest.mark.parametrize(
    ("pack", "message"),
    [
        ({}, "SenML is a list of records"),
        ([{}] * (MAX_RECORDS + 1), "SenML is a list of records"),
        ([{}, 1], "record 2 is no object"),
        ([{"v": True}], "`v` of record 1 is True: it is a number"),
        ([{"vb": 1}], "`vb` of record 1 is 1: it is true or false"),
        ([{"n": None}], "`n` of record 1 is None: it is a text"),
        ([{"vd": "a"}], "`vd` of record 1 is not base64url"),
        ([{"vd": "é"}], "`vd` of record 1 is not base64url"),
    ],
)
def test_what_is_no_senml_is_told(pack: object, message: str) -> None:
    with pytest.raises(BddError, match=message):
        to_labels(pack)


@settings(max_examples=30)
@given(st.recursive(st.none() | st.integers() | st.binary(), lambda each: st.lists(each)))
def test_anything_can_be_read(value: object) -> None:
    from_labels(value)

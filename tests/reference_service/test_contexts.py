"""The kinds of documents are told apart by their `@context`, so each has one of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from reference_service import contexts


def test_every_kind_of_document_has_a_url_of_its_own() -> None:
    urls = {
        name: value for name, value in vars(contexts).items() if name.isupper() and name[0] != "_"
    }
    assert len(set(urls.values())) == len(urls) > 1
    for url in urls.values():
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc) == ("https", "github.com")
        assert parts.path.startswith("/hello-nrfcloud/proto/")
        assert parts.query + parts.fragment == ""

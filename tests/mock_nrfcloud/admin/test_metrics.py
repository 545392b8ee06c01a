"""Figures for Prometheus, read with its own parser."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.mock_nrfcloud.admin.serving import Bench, play


async def figures(bench: Bench) -> dict[str, float]:
    async with bench.http.get(f"{bench.url}/__admin/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        families = text_string_to_metric_families(await response.text())
    return {sample.name: sample.value for each in families for sample in each.samples}


def test_figures() -> None:
    async def scenario(bench: Bench) -> None:
        await bench.admin("POST", "/mappings", {"request": {"method": "GET", "url": "/x"}})
        await bench.admin("PUT", "/namespaces/a", {})
        for path in ("/x", "/y", "/__ns/a/x"):
            await bench.get(path)
        found = await figures(bench)
        assert found["mock_requests_total"] == 3
        assert found["mock_unmatched_requests_total"] == 2
        assert found["mock_journal_requests"] == 3
        assert found["mock_journal_bytes"] > 0
        assert found["mock_stubs"] == 1
        assert found["mock_namespaces"] == 1
        assert found["process_resident_memory_bytes"] > 0
        await bench.admin("DELETE", "/namespaces/a")
        found = await figures(bench)
        assert found["mock_requests_total"] == 3
        assert found["mock_unmatched_requests_total"] == 2
        assert found["mock_journal_requests"] == 2

    play(scenario)

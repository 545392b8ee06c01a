"""Tells users how their trackers are, from what nRF Cloud knows of them."""

import argparse
import os

from aiohttp import ClientSession, web

NRF_CLOUD = web.AppKey("NRF_CLOUD", ClientSession)
routes = web.RouteTableDef()


@routes.get("/health")
async def health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@routes.get("/trackers/{id}")
async def tracker(request: web.Request) -> web.Response:
    device = request.match_info["id"]
    async with request.app[NRF_CLOUD].get(f"/v1/devices/{device}") as answer:
        reported = (await answer.json())["state"]["reported"]
    return web.json_response({"id": device, "battery": reported["battery"] / 1000})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--nrfcloud-url", default="https://api.nrfcloud.com")
    options = parser.parse_args()

    async def nrf_cloud(app):
        headers = {"Authorization": f"Bearer {os.environ['NRFCLOUD_API_KEY']}"}
        async with ClientSession(options.nrfcloud_url, headers=headers) as app[NRF_CLOUD]:
            yield

    app = web.Application()
    app.add_routes(routes)
    app.cleanup_ctx.append(nrf_cloud)
    web.run_app(app, host="127.0.0.1", port=options.port)


if __name__ == "__main__":
    main()

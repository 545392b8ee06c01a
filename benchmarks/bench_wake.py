"""How quickly a step that waits for a websocket message is woken, beside the bare delivery.

    python benchmarks/bench_wake.py

Method: a peer in a process of its own is asked over the websocket for a message, waits 3 ms (until
the other end surely waits) and sends the time at which it does so. Bare: a coroutine that awaits
the library's own `recv`. Step: a synchronous caller in the main thread, `LoopThread.call` of
`WebSocketClient.expect`, with JSON and matching. Both take turns; a figure is the median.
Exit status 1 if the target is missed.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from statistics import median
from time import perf_counter_ns

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from harness.drivers.loop import LoopThread
from harness.drivers.websocket import WebSocketClient

ROUNDS = 5
MESSAGES = 200
TARGET_MS = 0.3


async def peer() -> None:
    async def answer(connection: ServerConnection) -> None:
        async for _ in connection:
            await asyncio.sleep(0.003)
            await connection.send(json.dumps({"sent": perf_counter_ns()}))

    async with serve(answer, "127.0.0.1", 0, compression=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.Event().wait()


async def bare(url: str) -> list[float]:
    """Milliseconds from sending to `recv`."""
    took = []
    async with connect(url, compression=None) as connection:
        for _ in range(MESSAGES):
            await connection.send("now")
            message = await connection.recv()
            took.append((perf_counter_ns() - json.loads(message)["sent"]) / 1e6)
    return took


def step(url: str) -> list[float]:
    """Milliseconds from sending to the return of a waiting step."""
    took = []
    client = WebSocketClient()
    with LoopThread() as loop:
        loop.call(client.connect(url))
        for _ in range(MESSAGES):
            loop.call(client.send("now"))
            message = loop.call(client.expect(lambda data: isinstance(data, dict), 10))
            arrived = perf_counter_ns()
            assert message is not None
            assert isinstance(message.data, dict)
            took.append((arrived - message.data["sent"]) / 1e6)
        loop.call(client.close())
    return took


def main() -> int:
    process = subprocess.Popen([sys.executable, __file__, "peer"], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        url = f"ws://127.0.0.1:{int(process.stdout.readline())}"
        delivery: list[float] = []
        woken: list[float] = []
        for _ in range(ROUNDS):
            delivery += asyncio.run(bare(url))
            woken += step(url)
    finally:
        process.terminate()
        process.wait()
    print(f"bare delivery {median(delivery):.3f} ms, waiting step {median(woken):.3f} ms")
    over = median(woken) - median(delivery)
    ok = over <= TARGET_MS
    print(f"\n{'what':36} {'ms':>7} {'target':>8}  ok")
    print(f"{'waiting step woken, over delivery':36} {over:7.3f} <= {TARGET_MS:5.2f}", end="")
    print(f"  {'yes' if ok else 'NO'}")
    return 0 if ok else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            sys.exit(main())
        case ["peer"]:
            asyncio.run(peer())
        case _:
            sys.exit(__doc__)

"""Writes sensor readings, one a line, in base64: the records of one Kinesis event of 6 MB."""

import base64
import random
import sys


def readings(count: int, seed: int = 1):
    """JSON texts of readings, the same for the same seed."""
    chance = random.Random(seed)
    for index in range(count):
        second = index // 20
        stamp = f"2026-11-20 10:{second // 60 % 60:02}:{second % 60:02}.{chance.randrange(1_000_000):06}"
        yield (
            f'{{"temperature":{chance.randrange(-5, 40)},"cpu":{chance.random() * 100:.2f},'
            f'"ram":{chance.random() * 100:.1f},"hd":{chance.random() * 100:.2f},'
            f'"timestamp":"{stamp}","timestamp_sent":"2026-11-20 10","id_device":{chance.randrange(500)}}}'
        )


if __name__ == "__main__":
    for text in readings(int(sys.argv[1]) if len(sys.argv) > 1 else 7894):
        print(base64.b64encode(text.encode()).decode())

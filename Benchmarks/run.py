"""Runs the benchmarks: all of them, or those named. Each prints ratios against peers measured in the same run."""

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    known = {path.parent.name: path for path in sorted(HERE.glob("*/measure.py"))}
    names = sys.argv[1:] or list(known)
    for name in names:
        if name not in known:
            print(f"no benchmark '{name}': there are {', '.join(known)}", file=sys.stderr)
            return 64
    for name in names:
        print(f"\n== {name}", flush=True)
        sys.argv = [str(known[name])]
        sys.path.insert(0, str(known[name].parent))
        runpy.run_path(str(known[name]), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())

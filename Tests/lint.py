"""Layout rules that no formatter knows: length of files, what functions may import, what git may hold."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400
LARGEST_FILE = 1 << 20


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in names.stdout.splitlines() if (path := ROOT / name).is_file()]


def faults(path: Path):
    """What is wrong with one file, in words."""
    name = path.relative_to(ROOT).as_posix()
    if path.stat().st_size > LARGEST_FILE:
        yield f"{path.stat().st_size} bytes: too large for git"
        return
    if path.suffix != ".swift" or not name.startswith(("Sources/", "lambdas/")):
        return
    lines = path.read_text().splitlines()
    if len(lines) > LONGEST_FILE:
        yield f"{len(lines)} lines: split it by concern"
    if name.startswith("lambdas/") and len(lines) > 60:
        yield f"{len(lines)} lines: a job's main reads configuration, builds the handler and runs"
    linked_by_functions = not name.startswith("Sources/swiftlake/")
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        if linked_by_functions and re.search(r"\bimport Foundation\b", code):
            yield f"line {number}: a function must not link Foundation"
        if linked_by_functions and re.search(r"\bTask(\.detached)?\s*\{|\bwithTaskGroup|\basync\b|\bawait\b", code):
            yield f"line {number}: a function is synchronous"
        if re.search(r"\btry!|\bas!|\bfatalError\(|nonisolated\(unsafe\)", code):
            yield f"line {number}: a trap, or unchecked sharing"


def undeclared_imports():
    """A target that imports another which the manifest does not list for it: the compiler lets some of them pass."""
    manifest = json.loads(subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, check=True).stdout)
    targets = {target["name"]: target for target in manifest["targets"]}
    for name, target in targets.items():
        listed = {next(iter(kind.values()))[0] for kind in target["dependencies"]}
        folder = target.get("path") or ("Tests" if target["type"] == "test" else "Sources") + "/" + name
        for path in sorted((ROOT / folder).rglob("*.swift")):
            for module in re.findall(r"^(?:@\w+ )*(?:\w+ )?import (\w+)", path.read_text(), re.M):
                if module in targets and module not in listed:
                    yield f"{path.relative_to(ROOT)}: imports {module}, which Package.swift does not list for {name}"


def main() -> int:
    found = [f"{path.relative_to(ROOT)}: {fault}" for path in tracked() for fault in faults(path)]
    found += undeclared_imports()
    print("\n".join(found) if found else f"layout: {len(tracked())} files keep the rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

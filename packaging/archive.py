"""The zip that Lambda takes: the same content gives the same bytes."""

import io
import zipfile

# Lambda's own limit is 50 MB; ours keeps a cold start's download short.
LARGEST = 8_000_000


class UnfitArchive(Exception):
    """The zip must not be shipped; says why in one line."""


def zipped(files: dict[str, bytes], executables: set[str]) -> bytes:
    """The files in one zip, by their names there: sorted, from the earliest date a zip can tell, as root would list them."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o100755 if name in executables else 0o100644) << 16
            archive.writestr(entry, files[name])
    return whole.getvalue()


def check_size(name: str, content: bytes):
    """Throws for a zip above the limit."""
    if len(content) > LARGEST:
        raise UnfitArchive(f"{name} takes {len(content):,} bytes, of which {LARGEST:,} are allowed")

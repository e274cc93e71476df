"""The certificates that travel with a function, read from a folder of Debian's ca-certificates package.

`certificates/all.pem` is the whole bundle; `certificates/amazon.pem` the few roots under which AWS's own endpoints stand,
because parsing the bundle would take milliseconds of every cold start."""

import base64
import hashlib
from pathlib import Path

# SHA-256 of each root as DER: https://www.amazontrust.com/repository/ lists them.
AMAZON_ROOTS = {
    "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e": "Amazon Root CA 1",
    "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4": "Amazon Root CA 2",
    "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4": "Amazon Root CA 3",
    "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092": "Amazon Root CA 4",
    "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5": "Starfield Services Root Certificate Authority - G2",
}


class CertificatesError(Exception):
    """Debian's bundle is not what a function needs."""


def bundle(folder: Path) -> dict[str, str]:
    """Every certificate of the folder as PEM, by the name of its file."""
    return {path.stem: path.read_text(encoding="ascii") for path in sorted(folder.glob("*.crt"))}


def fingerprint(pem: str) -> str:
    """SHA-256 of the certificate's DER, in hexadecimal."""
    body = pem.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END CERTIFICATE-----")[0]
    return hashlib.sha256(base64.b64decode(body)).hexdigest()


def files(certificates: dict[str, str]) -> dict[str, bytes]:
    """The two files of a zip by their names in it."""
    by_fingerprint = {fingerprint(pem): pem for pem in certificates.values()}
    missing = [name for print_, name in AMAZON_ROOTS.items() if print_ not in by_fingerprint]
    if missing:
        raise CertificatesError(f"Debian's ca-certificates lacks {', '.join(missing)}")
    amazon = {name: by_fingerprint[print_] for print_, name in AMAZON_ROOTS.items()}
    return {"certificates/amazon.pem": _joined(amazon), "certificates/all.pem": _joined(certificates)}


def _joined(certificates: dict[str, str]) -> bytes:
    return "".join(f"# {name}\n{pem.strip()}\n" for name, pem in certificates.items()).encode()

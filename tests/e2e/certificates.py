"""Throw-away certificates made by openssl: an authority, one that nobody trusts, what they sign."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    certificate: Path
    key: Path


class Certificates:
    """`ca` signed `server` (localhost), `expired` (the same, of yesterday), `elsewhere` (another host's
    name) and `client`."""

    def __init__(self, folder):
        self.folder = folder
        self.ca = self._authority("ca")
        self.other_ca = self._authority("other_ca")
        self.server = self._signed("server", "DNS:localhost,IP:127.0.0.1")
        self.expired = self._signed("expired", "DNS:localhost,IP:127.0.0.1", days=-1)
        self.elsewhere = self._signed("elsewhere", "DNS:fridge.example")
        self.client = self._signed("client", "DNS:client")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _request(self, name):
        return ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", f"{name}.key", "-subj", f"/CN={name}"]

    def _authority(self, name):
        self._openssl(*self._request(name), "-x509", "-days", "2", "-out", f"{name}.pem")
        return self.folder / f"{name}.pem"

    def _signed(self, name, names, days=2):
        self._openssl(*self._request(name), "-out", f"{name}.csr")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                      "-CAcreateserial", "-days", str(days), "-extfile", f"{name}.ext", "-out",
                      f"{name}.pem")
        return Certificate(self.folder / f"{name}.pem", self.folder / f"{name}.key")

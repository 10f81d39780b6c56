"""A Postfix of one's own: an instance in a temporary folder on free ports, with TLS, a login that is
demanded, and Maildirs. It needs root, as Postfix does, and touches nothing of an installed one."""

import os
import pwd
import grp
import shutil
import socket
import subprocess
import tempfile
from email import message_from_bytes, policy
from pathlib import Path

from mosquitto import free_port, wait_until

DAEMONS = Path("/usr/lib/postfix/sbin")
START_TIMEOUT_S = 20
NOBODY = 65534
DOMAIN = "lab.example"
USER = "alarms"

MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.lab.example
inet_protocols = ipv4
mydestination =
local_recipient_maps =
alias_maps =
default_transport = error:this server sends nothing
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/etc/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{nobody}
virtual_gid_maps = static:{nobody}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
cyrus_sasl_config_path = {folder}/etc/sasl
smtpd_sasl_local_domain = {domain}
smtpd_client_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
"""

MASTER = """127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

SASL = """pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {folder}/etc/sasldb
mech_list: PLAIN LOGIN
"""

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
          "saved", "trace")


def why_not():
    """A sentence where Postfix cannot run here, else nothing."""
    if os.geteuid() != 0:
        return "a Postfix of one's own needs root"
    return None


class Postfix:
    def __init__(self, certificates, password, people):
        # Not below pytest's folder, which other users may not enter.
        self.folder = Path(tempfile.mkdtemp(prefix="coldwatch-postfix-"))
        self.folder.chmod(0o755)
        self.starttls, self.tls = free_port(), free_port()
        self._make_folders()
        etc = self.folder / "etc"
        names = {"folder": self.folder, "daemons": DAEMONS, "domain": DOMAIN, "nobody": NOBODY,
                 "certificate": certificates.server.certificate,
                 "key": certificates.server.key, "starttls": self.starttls, "tls": self.tls}
        for file, text in (("main.cf", MAIN), ("master.cf", MASTER), ("sasl/smtpd.conf", SASL)):
            (etc / file).write_text(text.format(**names))
        (etc / "mailboxes").write_text("".join(f"{one}@{DOMAIN} {one}/\n" for one in people))
        subprocess.run(["saslpasswd2", "-p", "-c", "-f", etc / "sasldb", "-u", DOMAIN, USER],
                       input=password.encode(), check=True)
        shutil.chown(etc / "sasldb", "postfix")
        self.process = subprocess.Popen([DAEMONS / "master", "-c", etc, "-d"],
                                        stderr=subprocess.DEVNULL)
        wait_until(self._answers, START_TIMEOUT_S, f"Postfix listens on {self.starttls}")

    def _make_folders(self):
        postfix, postdrop = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
        for path, mode, owner, group in (
                ("etc", 0o755, 0, 0), ("etc/sasl", 0o755, 0, 0), ("data", 0o700, postfix, -1),
                ("mail", 0o700, NOBODY, NOBODY), ("queue", 0o755, 0, 0), ("queue/pid", 0o755, 0, 0),
                ("queue/public", 0o710, postfix, postdrop),
                ("queue/maildrop", 0o730, postfix, postdrop),
                *((f"queue/{one}", 0o700, postfix, -1) for one in QUEUES)):
            folder = self.folder / path
            folder.mkdir()
            os.chown(folder, owner, group)
            folder.chmod(mode)

    def _answers(self):
        assert self.process.poll() is None, self.log()
        with socket.socket() as probe:
            probe.settimeout(5)
            if probe.connect_ex(("127.0.0.1", self.starttls)) != 0:
                return False
            return probe.recv(3) == b"220"

    def log(self):
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def mails(self, person):
        """What stands in somebody's Maildir, parsed, the oldest first."""
        files = sorted((self.folder / "mail" / person / "new").glob("*"),
                       key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

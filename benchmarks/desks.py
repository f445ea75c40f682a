"""A demonstration desk to measure on, the console on it by either driver, and its mail for other programs to read."""

from __future__ import annotations

import mailbox
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from tests.end_to_end.terminal import environment

SSH = "192.0.2.1 50000 192.0.2.2 22"
DOMAIN = "desk.example"


@dataclass(frozen=True)
class Desk:
    """A folder with a database, and the environment of somebody who works there over SSH."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database as it was made; measures that change it take a copy."""
        return self.folder / "desk.db"

    @property
    def environ(self) -> dict[str, str]:
        """A user's environment, on a line where the mouse is left alone."""
        return environment(self.folder, SSH_CONNECTION=SSH, LANG="C.UTF-8", HELPDESK_TIME_ZONE="UTC")

    def make(self, clients: int) -> Desk:
        """Make the demonstration."""
        subprocess.run(
            [sys.executable, "-m", "console", "demo", "--no-open", "--clients", str(clients)],
            env=self.environ | {"HELPDESK_DATABASE": str(self.database)},
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
        )
        return self

    def console(self, *options: str, copy: str = "") -> list[str]:
        """The command that opens the console; on a copy of the database, if one is named."""
        database = self.database
        if copy:
            database = self.folder / f"{copy}.db"
            shutil.copyfile(self.database, database)
        return [sys.executable, "-m", "console", "--database", str(database), *options]

    def mails(self, count: int) -> list[EmailMessage]:
        """As many mails as asked for, of what clients have written: first what is held, in the order of its list."""
        with sqlite3.connect(self.database) as database:
            held = database.execute(
                "SELECT sender, sender, subject, body FROM held ORDER BY id DESC"
            ).fetchall()
            sent = database.execute(
                "SELECT author, 'client@post.example', incident.subject, message.body FROM message "
                "JOIN incident ON incident.id = message.incident_id WHERE message.kind = 'client' ORDER BY message.id"
            ).fetchall()
        database.close()
        rows = held + sent
        return [_mail(number, *rows[number % len(rows)]) for number in range(count)]


def _mail(number: int, author: str, sender: str, subject: str, body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = (
        f'"{author}" <{sender}>' if "@" in sender and author != sender else sender or "nobody@post.example"
    )
    mail["To"] = f"support@{DOMAIN}"
    mail["Subject"] = " ".join(subject.split())
    # The newest first in both programs would be the last of the file: so the first is the newest.
    mail["Date"] = format_datetime(datetime(2026, 11, 1, tzinfo=UTC) - timedelta(minutes=number))
    mail["Message-ID"] = f"<{number}@post.example>"
    mail.set_content(body)
    return mail


def write_mbox(file: Path, mails: list[EmailMessage]) -> None:
    """The mails in one file, as mutt reads it fastest."""
    box = mailbox.mbox(file)
    for mail in mails:
        box.add(mail)
    box.close()


def write_maildir(folder: Path, mails: list[EmailMessage]) -> None:
    """The mails in a maildir, read, in `INBOX` of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    box = mailbox.Maildir(folder / "INBOX")
    for mail in mails:
        kept = mailbox.MaildirMessage(mail)
        kept.set_subdir("cur")
        kept.set_flags("S")
        box.add(kept)

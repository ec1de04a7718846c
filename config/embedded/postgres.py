"""One embedded PostgreSQL: two logins (`owner` migrates, `app` serves), a unix socket, no TCP port."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded import programs
from config.embedded.account import Account
from config.embedded.process import finish, spawn
from config.embedded.secret import kept_secret

MAJOR = 18
DATABASE = "hehuoren"
SUPERUSER, OWNER, APP = "postgres", "owner", "app"
# pg_trgm drops every Chinese character under the C locale; the wheel has no ICU.
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
SETTINGS = ("listen_addresses=", "timezone=Asia/Shanghai", "log_timezone=Asia/Shanghai", "max_connections=200")
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
PATIENCE = 30.0


class Postgres:
    """A server whose cluster, log and passwords lie in `home` and whose socket lies in `sockets`.

    `durable` is how the product runs. Without it nothing survives a crash: for tests that do not speak of crashes.
    """

    def __init__(self, home: Path, sockets: Path, account: Account | None, *, durable: bool) -> None:
        self.home, self.sockets, self.account, self.durable = home, sockets, account, durable
        self.cluster = home / f"postgres-{MAJOR}"
        self.log = home / "postgres.log"
        self.bin = programs.postgres_programs(account)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, role: str) -> str:
        """The address for `role`, as DATABASE_URL and DATABASE_OWNER_URL hold it."""
        return f"postgresql://{role}:{self.password(role)}@/{DATABASE}?host={quote(str(self.sockets))}"

    def password(self, role: str) -> str:
        return kept_secret(self.home / f"postgres-{MAJOR}.{role}")

    def start(self) -> subprocess.Popen[bytes]:
        """Make the cluster on first use, end what a killed run left behind, start, and see to logins and database."""
        if not (self.cluster / "PG_VERSION").exists():
            self.make_cluster()
        self.end_left_over()
        settings = SETTINGS if self.durable else SETTINGS + FORGETFUL
        options = [part for setting in settings for part in ("-c", setting)]
        with self.log.open("wb") as log:
            self.process = spawn(
                [self.bin / "postgres", "-D", self.cluster, "-k", self.sockets, "-p", "5432", *options],
                account=self.account,
                env=environment(),
                output=log,
                last_signal=self.stop_signal,
            )
        with self.superuser() as connection:
            bootstrap(connection, {role: self.password(role) for role in (OWNER, APP)})
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            finish(self.process, self.stop_signal, grace=PATIENCE)

    @property
    def stop_signal(self) -> signal.Signals:
        """SIGINT: end sessions, write everything down. SIGQUIT: drop everything, it will be deleted anyway."""
        return signal.SIGINT if self.durable else signal.SIGQUIT

    def make_cluster(self) -> None:
        """initdb under another name first, so that an interrupted one is never taken for a cluster."""
        unfinished = self.cluster.with_name(f"{self.cluster.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.sockets) as word:
            word.write(self.password(SUPERUSER))
            word.flush()
            if self.account is not None:
                for path in (unfinished, word.name):
                    os.chown(path, self.account.uid, self.account.gid)
            sync = [] if self.durable else ["--no-sync"]
            where = ["-D", str(unfinished), "-U", SUPERUSER, "-E", "UTF8", *LOCALE, *sync]
            self.run("initdb", *where, "-A", "scram-sha-256", f"--pwfile={word.name}", "--no-instructions")
        unfinished.rename(self.cluster)

    def end_left_over(self) -> None:
        """Whoever holds the folder's lock owns its server: one that still runs belongs to a killed run."""
        if (self.cluster / "postmaster.pid").exists() and self.run("pg_ctl", "status", "-D", self.cluster, check=False):
            self.run("pg_ctl", "stop", "-D", self.cluster, "-m", "fast", "-w", check=False)

    def run(self, program: str, *arguments: str | Path, check: bool = True) -> bool:
        """Run one of PostgreSQL's programs to its end; True when it succeeded."""
        with tempfile.TemporaryFile() as output:
            argv = [self.bin / program, *arguments]
            code = spawn(argv, account=self.account, env=environment(), output=output).wait()
            if check and code != 0:
                output.seek(0)
                raise SystemExit(f"{program} failed:\n{output.read().decode(errors='replace')}")
        return code == 0

    def superuser(self) -> psycopg.Connection[tuple[object, ...]]:
        """A superuser's connection, as soon as the server answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(
                    host=str(self.sockets),
                    port=5432,
                    user=SUPERUSER,
                    password=self.password(SUPERUSER),
                    dbname="postgres",
                    autocommit=True,
                )
            except psycopg.OperationalError as error:
                if (self.process is not None and self.process.poll() is not None) or time.monotonic() > end:
                    raise SystemExit(f"PostgreSQL did not start ({error}):\n{self.log.read_text()[-2000:]}") from None
                time.sleep(0.03)


def bootstrap(connection: psycopg.Connection[tuple[object, ...]], passwords: dict[str, str]) -> None:
    """Two logins and one database of the owner's, closed to everyone else. Does nothing where they exist.

    CREATEDB lets tests and `demo --reset` make databases; a production owner needs it not.
    """
    for role, password in passwords.items():
        if not exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            rights = sql.SQL("CREATEDB" if role == OWNER else "")
            create = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}")
            connection.execute(create.format(sql.Identifier(role), rights, sql.Literal(password)))
    if not exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
        names = {"database": sql.Identifier(DATABASE), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {app}").format(**names))


def exists(connection: psycopg.Connection[tuple[object, ...]], question: str, name: str) -> bool:
    return connection.execute(question.encode(), [name]).fetchone() is not None


def environment() -> dict[str, str]:
    """Nothing of the caller's: a PGPORT or LC_ALL of theirs would change what the server does."""
    return {"PATH": os.defpath, "LC_ALL": "C"}

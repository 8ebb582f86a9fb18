"""After a real `fiddler.init(...)`, we ask on the terms of the installed official client, as they are by now."""

from __future__ import annotations

import contextlib
import itertools
import time
import traceback
from typing import TYPE_CHECKING, Any, cast

import fiddler
import pytest
from IPython.core.interactiveshell import InteractiveShell
from requests.adapters import HTTPAdapter

import fiddler_widgets as fw
from fiddler_widgets.jobs.job import job_of
from fiddler_widgets.simulator import Fault, Simulator
from tests.http.gateway import PartnerAuth, gateway
from tests.http.official_init import official_init

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import trustme

    from fiddler_widgets.simulator import SimulatedJob

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""


@pytest.fixture
def official(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """A simulator, and the official client not connected to it yet; what it cannot reach, it gives up at once."""
    monkeypatch.setenv("FIDDLER_CLIENT_RETRY_MAX_DURATION_SECONDS", "0.1")
    for name in ("HTTP_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(fiddler, "conn", None)
    with Simulator() as simulator:
        yield simulator
        if fiddler.conn is not None:
            fiddler.conn.client.session.close()


@pytest.fixture
def simulated(official: Simulator) -> SimulatedJob:
    """A running job there."""
    job = official.add_job("linear")
    job.set(status="STARTED", progress=30.0)
    return job


@pytest.fixture
def extension() -> Iterator[None]:
    """The extension, loaded."""
    shell: Any = InteractiveShell()  # type: ignore[no-untyped-call]
    fw.load_ipython_extension(shell)
    yield
    fw.unload_ipython_extension(shell)
    shell.history_manager.end_session()


def reconnect(sim: Simulator, **options: Any) -> None:
    """Call `fiddler.init` once more."""
    fiddler.conn.client.session.close()
    official_init(sim, **options)


def reaches(ask: Callable[[], object]) -> bool:
    """Whether something gets an answer."""
    try:
        ask()
    except Exception:  # noqa: BLE001 (each client has its own)
        return False
    return True


def look(theirs: Any) -> None:
    """Look once at a running job of the official client."""
    with pytest.raises(TimeoutError):
        job_of(theirs).wait(timeout=0)


# ---- which connection counts


@pytest.mark.usefixtures("extension")
def test_renewed_token_serves_a_job_of_the_official_client(official: Simulator, simulated: SimulatedJob) -> None:
    """A second `fiddler.init` counts for its jobs, whatever `fw.init` has taken over or been told before."""
    official_init(official)
    fw.init()
    theirs = fiddler.Job.get(simulated.id)
    official.token = "second"
    reconnect(official)
    simulated.set(status="SUCCESS")
    theirs.wait(timeout=10)
    assert theirs.status == "SUCCESS"


@pytest.mark.usefixtures("extension")
def test_official_job_goes_where_the_official_client_goes(official: Simulator, simulated: SimulatedJob) -> None:
    """An explicit `fw.init` is for our own jobs: theirs are asked for with their token."""
    official_init(official)
    theirs = fiddler.Job.get(simulated.id)
    fw.init(official.url, "not valid")
    simulated.set(status="SUCCESS")
    theirs.wait(timeout=10)
    with pytest.raises(fw.ApiError, match="401"):
        fw.Job.get(simulated.id)


def test_card_of_an_official_job_goes_on_with_the_renewed_token(official: Simulator, simulated: SimulatedJob) -> None:
    """A card that was refused watches again after `fiddler.init`, though `fw.init` had an older one."""
    official_init(official)
    fw.init(official.url, official.token)
    card = fw.JobWidget(fiddler.Job.get(simulated.id), interval=0.2)
    official.token = "second"
    with pytest.raises(fw.ApiError, match="refused"):
        card.wait(timeout=10)
    reconnect(official)
    simulated.set(status="SUCCESS")
    card.start()
    card.wait(timeout=10)


def test_path_in_the_official_address_is_dropped(official: Simulator, simulated: SimulatedJob) -> None:
    """An address copied from a page of the platform works, as it does for the official client."""
    official_init(official, url=f"{official.url}/projects/?id=7")
    look(fiddler.Job.get(simulated.id))
    assert fw.Job.get(simulated.id).progress == 30.0
    assert {request.path for request in official.requests_for(simulated.id)} == {f"/v3/jobs/{simulated.id}"}


# ---- time-outs


@pytest.mark.parametrize("timeout", [3, (1, 2), (5, None)], ids=str)
def test_timeouts_of_the_official_client(official: Simulator, simulated: SimulatedJob, timeout: Any) -> None:
    """Whatever requests takes, we take, for its jobs and for ours."""
    official_init(official, timeout=timeout)
    look(fiddler.Job.get(simulated.id))
    assert fw.Job.get(simulated.id).progress == 30.0


def test_timeout_of_the_official_client_bounds_us(official: Simulator, simulated: SimulatedJob) -> None:
    """A server that says nothing is given up after the receive time-out."""
    official_init(official, timeout=(5, 0.3))
    simulated.misbehave(Fault.hang())
    began = time.monotonic()
    with pytest.raises(fw.ApiConnectionError, match="too long"):
        fw.Job.get(simulated.id)
    assert time.monotonic() - began < 1.5


def test_official_connection_that_we_cannot_use_is_in_nobodys_way(official: Simulator, simulated: SimulatedJob) -> None:
    """It takes nothing from jobs of a connection of our own; whoever needs it is told."""
    official_init(official, timeout="soon", validate=False)
    with pytest.raises(fw.NotConnected, match=r"`timeout` must be.*fw\.init\(url"):
        fw.Job.get(simulated.id)
    fw.init(official.url, official.token)
    job = fw.Job.get(simulated.id)
    simulated.set(status="SUCCESS")
    job.wait(timeout=10)


# ---- proxies


def test_proxies_of_the_official_client(official: Simulator, simulated: SimulatedJob) -> None:
    """`fiddler.init(proxies=...)` is our proxy, too."""
    with gateway() as proxy:
        official_init(official, proxies={"http": proxy.url})
        assert fw.Job.get(simulated.id).progress == 30.0
        (passed,) = proxy.ours
        assert passed.target.startswith(f"{official.url}/v3/jobs/{simulated.id}")


def test_environments_proxy_counts_if_it_does_for_the_official_client(
    official: Simulator, simulated: SimulatedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its older versions ask HTTP_PROXY, its newer ones do not: we go the way of the one that is installed."""
    official_init(official)
    with gateway() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        theirs = fiddler.Job.get(simulated.id)
        by_proxy = bool(proxy.passed)
        look(theirs)
        assert fw.Job.get(simulated.id).progress == 30.0
        assert len(proxy.ours) == (2 if by_proxy else 0)


def test_dead_proxy_of_the_environment(
    official: Simulator, simulated: SimulatedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the official client gets through, so do we; where it does not, we do not."""
    official_init(official)
    monkeypatch.setenv("HTTP_PROXY", NOBODY)
    assert reaches(lambda: fw.Job.get(simulated.id)) == reaches(lambda: fiddler.Job.get(simulated.id))


def test_environments_proxy_counts_for_a_connection_of_our_own(
    official: Simulator, simulated: SimulatedJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds for the official client's connection holds for no other."""
    official_init(official)
    with gateway(official.url) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        fw.init("http://fiddler.example", official.token)
        assert fw.Job.get(simulated.id).progress == 30.0
        assert len(proxy.ours) == 1


# ---- certificates


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    """The certificate of the authority, as a file."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_verify_of_the_official_client(official: Simulator, tls_server: str, bundle: str) -> None:
    """A bundle, or none at all, as `fiddler.init` was told; else nobody vouches for the server."""
    official_init(official, url=tls_server, validate=False)
    with pytest.raises(fw.ApiConnectionError, match="certificate is not valid"):
        fw.Job.get("job")
    for verify in (bundle, False):
        reconnect(official, url=tls_server, validate=False, verify=verify)
        assert fw.Job.get("job").name == "Upload"


def test_verify_of_the_official_session_after_first_use(official: Simulator, tls_server: str, bundle: str) -> None:
    """What is set on its session later counts from then on."""
    official_init(official, url=tls_server, validate=False)
    with pytest.raises(fw.ApiConnectionError):
        fw.Job.get("job")
    fiddler.conn.client.session.verify = bundle
    assert fw.Job.get("job").name == "Upload"


def test_environments_bundle_counts_if_it_does_for_the_official_client(
    official: Simulator, tls_server: str, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for proxies."""
    official_init(official, url=tls_server, validate=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    theirs = reaches(lambda: fiddler.conn.client.get(url="/v3/jobs/job"))
    assert reaches(lambda: fw.Job.get("job")) == theirs


def test_client_certificate_of_the_official_session(
    official: Simulator, mutual_tls_server: str, authority: trustme.CA, bundle: str, tmp_path: Path
) -> None:
    """Where the platform wants one, the session's is shown."""
    official_init(official, url=mutual_tls_server, validate=False, verify=bundle)
    with pytest.raises(fw.ApiConnectionError):
        fw.Job.get("job")
    mine = tmp_path / "client.pem"
    authority.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(str(mine))
    fiddler.conn.client.session.cert = str(mine)
    assert fw.Job.get("job").name == "Upload"


# ---- the session's authentication and adapters


@pytest.mark.usefixtures("extension")
@pytest.mark.parametrize("when", ["before our first use", "after it"])
def test_authentication_that_replaces_the_token(official: Simulator, simulated: SimulatedJob, when: str) -> None:
    """As on SageMaker: each request is signed anew, whenever the session was told to."""
    with gateway(official.url) as front:
        official_init(official, url=front.url)
        theirs = fiddler.Job.get(simulated.id)
        if when == "after it":
            with pytest.raises(TimeoutError):
                theirs.wait(timeout=0)
            assert [one.signed for one in front.ours] == [False]
            front.passed.clear()
        fiddler.conn.client.session.auth = PartnerAuth()
        with contextlib.closing(cast("Any", job_of(theirs).watch(interval=0.2, timeout=20))) as updates:
            assert len(list(itertools.islice(updates, 3))) == 3
        assert len(front.ours) >= 3
        assert all(one.signed for one in front.ours)
        fiddler.conn.client.session.auth = None
        front.passed.clear()
        simulated.set(status="SUCCESS")
        theirs.wait(timeout=10)
        assert [one.signed for one in front.ours] == [False]


def test_authentication_is_not_kept_from_our_own_jobs(official: Simulator, simulated: SimulatedJob) -> None:
    """A job that was asked for through the official client's connection goes on with what that has by now."""
    with gateway(official.url) as front:
        official_init(official, url=front.url)
        job = fw.Job.get(simulated.id)
        fiddler.conn.client.session.auth = PartnerAuth()
        job.refresh()
        assert [one.signed for one in front.ours] == [False, True]


def test_adapter_of_the_official_session(official: Simulator, simulated: SimulatedJob) -> None:
    """One that the user has mounted sends our requests, too, and an error of its own tells nothing secret."""

    class Mine(HTTPAdapter):
        sent = 0
        broken = False

        def send(self, *args: Any, **kwargs: Any) -> Any:
            Mine.sent += 1
            if Mine.broken:
                raise LookupError(official.token)
            return super().send(*args, **kwargs)

    official_init(official)
    look(fiddler.Job.get(simulated.id))
    fiddler.conn.client.session.mount(official.url, Mine())
    assert fw.Job.get(simulated.id).progress == 30.0
    assert Mine.sent == 1
    Mine.broken = True
    with pytest.raises(fw.ApiConnectionError, match="LookupError") as caught:
        fw.Job.get(simulated.id)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert official.token not in "".join(shown.format())

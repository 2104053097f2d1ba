from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.store.credentials import check_transport, clean_base_url, is_loopback, origin
from ecovai_tui.store.errors import SettingsError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://api.ecovai.cn", "https://api.ecovai.cn"),
        ("https://api.ecovai.cn/", "https://api.ecovai.cn"),
        ("https://api.ecovai.cn/v1", "https://api.ecovai.cn"),
        ("https://api.ecovai.cn/v1//", "https://api.ecovai.cn"),
        ("  https://api.ecovai.cn/v1/\n", "https://api.ecovai.cn"),
        ("HTTPS://API.ecovai.cn", "https://API.ecovai.cn"),
        ("https://gateway.example/proxy/v1", "https://gateway.example/proxy"),
        ("https://gateway.example/v10", "https://gateway.example/v10"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("https://网关.example", "https://网关.example"),
    ],
)
def test_what_people_copy_along_is_trimmed(text: str, expected: str) -> None:
    assert clean_base_url(text, "here") == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("api.ecovai.cn", "must begin with https://"),
        ("api.ecovai.cn:443", "must begin with https://"),
        ("", "must begin with https://"),
        ("ftp://api.ecovai.cn", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("https://", "must name a host"),
        ("https:///v1", "must name a host"),
        ("https://:8080", "must name a host"),
        ("https://host:0", "must name a host"),
        ("https://host:99999", "is not an address"),
        ("https://host:port", "is not an address"),
        ("http://[::1", "is not an address"),
        ("https://ada:sk-secret@host", "must not contain a user or a password"),
        ("https://ada@host", "must not contain a user or a password"),
        ("https://host/?key=sk-secret", 'must not contain "?"'),
        ("https://host/#top", 'must not contain "?"'),
        ("https://ho st", "contains a blank"),
        ("https://ho\tst", "contains a blank"),
        ("https://host\x1b[2J", "contains a blank"),
        ("https://host\u202e", "contains a blank"),
    ],
)
def test_what_is_no_address_is_refused_and_not_quoted(text: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match="base_url") as caught:
        clean_base_url(text, "ECOVAI_BASE_URL")
    assert sentence in str(caught.value)
    assert "from ECOVAI_BASE_URL" in str(caught.value)
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("simulator.localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost.example", False),
        ("notlocalhost", False),
        ("192.168.1.2", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_loopback_is_this_computer_and_no_other(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "base_url", ["https://gateway.example", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"]
)
def test_encrypted_or_on_this_computer_the_key_may_travel(base_url: str) -> None:
    check_transport(base_url, "here", allow_http=False)


@pytest.mark.parametrize("base_url", ["http://gateway.example", "http://192.168.1.2:3000", "http://127.0.0.1.example"])
def test_plain_http_elsewhere_needs_to_be_asked_for(base_url: str) -> None:
    with pytest.raises(SettingsError, match=r"plain http.*allow_http = true"):
        check_transport(base_url, "here", allow_http=False)
    check_transport(base_url, "here", allow_http=True)


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://API.Ecovai.CN", "https://api.ecovai.cn"),
        ("https://api.ecovai.cn:443", "https://api.ecovai.cn"),
        ("http://host:80/", "http://host"),
        ("http://host:443", "http://host:443"),
        ("https://host:8443/proxy/v1/", "https://host:8443/proxy"),
        ("https://host/Proxy", "https://host/Proxy"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_one_gateway_has_one_origin_however_it_is_spelled(base_url: str, expected: str) -> None:
    assert origin(base_url) == expected


@given(st.sampled_from(["", "/", "/v1", "/v1/"]), st.from_regex(r"[a-z]{1,9}(/[a-z0-9]{1,5}){0,3}", fullmatch=True))
def test_cleaning_twice_is_cleaning_once_and_keeps_the_origin(end: str, place: str) -> None:
    once = clean_base_url(f"https://{place}{end}", "here")
    assert clean_base_url(once.rstrip("/"), "here") == once or once.endswith("/v1")
    assert origin(once) == origin(f"https://{place}{end}") or once.endswith("/v1")


@given(st.text())
def test_any_text_is_an_address_or_a_settings_error(text: str) -> None:
    try:
        base_url = clean_base_url(text, "here")
    except SettingsError:
        return
    assert base_url.startswith(("http://", "https://"))
    assert origin(base_url)

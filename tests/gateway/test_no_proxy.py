"""NO_PROXY is read as curl reads it, and as generously as people write it; no packet is sent to find out."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.gateway.proxies import entry_for

TAKEN_OUT = [
    ("gateway.example", "*"),
    ("gateway.example", " * "),
    ("gateway.example", "other,*"),
    ("10.0.0.1", "*"),
    ("fd00::1", "*"),
    ("gateway.example", "gateway.example"),
    ("gateway.example", "GateWay.Example"),
    ("GATEWAY.example", "gateway.example"),
    ("gateway.example.", "gateway.example"),
    ("gateway.example", "gateway.example."),
    ("gateway.example", "example"),
    ("gateway.example", ".example"),
    ("gateway.example", ".example."),
    ("gateway.example", ".gateway.example"),
    ("gateway.example", "*.example"),
    ("gateway.example", "*.gateway.example"),
    ("a.b.gateway.example", "*.gateway.example"),
    ("gateway.example", "*example"),
    ("gateway.example", "gate*"),
    ("gateway-2.example", "gateway-*.example"),
    ("gateway.example", "a,,,  ,\tb ,gateway.example"),
    ("gateway.example", "a b gateway.example"),
    ("gateway.example", ",gateway.example,"),
    ("gateway.example", "gateway.example:443"),
    ("gateway.example", ".example:443"),
    ("gateway.example", "*:443"),
    ("网关.example", "网关.example"),
    ("网关.example", ".EXAMPLE"),
    ("xn--d6q013i.example", "网关.example"),
    ("网关.example", "*.xn--d6q013i.example"),
    ("10.0.0.1", "10.0.0.1"),
    ("10.0.0.1", "10.0.0.0/8"),
    ("10.200.3.4", "10.1.2.3/8"),
    ("10.0.0.1", "10.0.0.1/32"),
    ("10.0.0.1", "10.0.0.0/255.0.0.0"),
    ("10.0.0.1", "0.0.0.0/0"),
    ("10.0.0.1", "foo, bar, 10.0.0.0/24 "),
    ("10.0.0.1", "10.0.0.1:443"),
    ("10.0.0.1", "10.0.0.0/8:443"),
    ("10.0.0.1", "10.*"),
    ("192.168.7.1", "192.168.*.*"),
    ("10.1", "10.0.0.0/8"),
    ("0x0a000001", "10.0.0.1"),
    ("fd00::1", "fd00::1"),
    ("fd00::1", "FD00:0:0::1"),
    ("FD00::1", "fd00::1"),
    ("fd00::1", "[fd00::1]"),
    ("fd00::1", "[fd00::1]:443"),
    ("fd00::1", "fd00::/8"),
    ("fd00::1", "[fd00::]/8"),
    ("fd00::1", "[fd00::/8]"),
    ("fd00::1", "::/0"),
    ("fd00::1", "fd00:*"),
    ("2001:db8::1", "2001:db8::/65"),
    ("fe80::1%25eth0", "fe80::1"),
    ("fe80::1", "fe80::1%eth0"),
    ("fe80::1%eth0", "fe80::/10"),
    ("::ffff:10.0.0.1", "10.0.0.0/8"),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
]

NOT_TAKEN_OUT = [
    ("gateway.example", ""),
    ("gateway.example", " ,, "),
    ("gateway.example", "."),
    ("gateway.example", ".."),
    ("gateway.example", "way.example"),
    ("gateway.example", "a.gateway.example"),
    ("gateway.example", "gateway"),
    ("gateway.example", "gateway.example.org"),
    ("gateway.example", "*.gateway"),
    ("gateway.example", "*.other"),
    ("gateway.example", "[a-z]*"),
    ("gateway.example", "gateway.example:80"),
    ("gateway.example", "*:80"),
    ("gateway.example", "10.0.0.0/8"),
    ("gateway.example", "0.0.0.0/0"),
    ("gateway.example", "gateway.example/8"),
    ("gateway.example", "http://gateway.example"),
    ("10.0.0.1", "10.0.0.2"),
    ("10.0.0.1", "0.0.1"),
    ("10.0.0.1", ".1"),
    ("10.0.0.1", "10.0.0.0"),
    ("10.0.0.1", "10.0.0.0/32"),
    ("10.0.0.1", "10.0.0.0/33"),
    ("10.0.0.1", "10.0.0.0/a8"),
    ("10.0.0.1", "10.0.0.0/8a"),
    ("10.0.0.1", "10.0.0.0/ 8"),
    ("10.0.0.1", "10.0.0.1:80"),
    ("10.0.0.1", "10.1.0.0/16"),
    ("10.0.0.1", "::/0"),
    ("10.0.0.1", "11.*"),
    ("fd00::1", "fd00::2"),
    ("fd00::1", "::1"),
    ("fd00::1", "fc00::/8"),
    ("fd00::1", "fd00::/129"),
    ("fd00::1", "0.0.0.0/0"),
    ("fd00::1", "[fd00::1]:80"),
    ("fd00::1", "[fd00::1"),
    ("fd00::1", "[]"),
    ("2001:db8:8000::1", "2001:db8::/65"),
]


@pytest.mark.parametrize(("host", "no_proxy"), TAKEN_OUT)
def test_a_host_that_no_proxy_takes_out(host: str, no_proxy: str) -> None:
    assert entry_for(no_proxy, host, 443)


@pytest.mark.parametrize(("host", "no_proxy"), NOT_TAKEN_OUT)
def test_a_host_that_no_proxy_does_not_take_out(host: str, no_proxy: str) -> None:
    assert not entry_for(no_proxy, host, 443)


def test_the_entry_that_takes_a_host_out_is_told_as_it_stands() -> None:
    assert entry_for("a.example, 10.0.0.0/8 ,*", "10.1.2.3", 443) == "10.0.0.0/8"


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["gateway.example", "10.0.0.1", "fd00::1"]))
def test_no_text_at_all_is_a_fault(no_proxy: str, host: str) -> None:
    assert entry_for(no_proxy, host, 443) in {"", *no_proxy.replace(",", " ").split()}


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_host_at_all_is_a_fault(host: str) -> None:
    assert entry_for("*", host, None) == "*"
    entry_for("a,10.0.0.0/8,fd00::/8,*.b,c*,10.*", host, None)


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.integers(1, 32))
def test_a_network_of_ipv4_is_its_first_bits(host: ipaddress.IPv4Address, base: ipaddress.IPv4Address, n: int) -> None:
    near = ipaddress.IPv4Address((int(base) & ~((1 << 32 - n) - 1)) | (int(host) & ((1 << 32 - n) - 1)))
    assert entry_for(f"x, {base}/{n}", str(near), 80)
    assert bool(entry_for(f"{base}/{n}", str(host), 80)) == (int(base) >> 32 - n == int(host) >> 32 - n)


@given(
    st.ip_addresses(v=6), st.ip_addresses(v=6), st.integers(1, 128), st.sampled_from(["{}/{}", "[{}]/{}", "[{}/{}]"])
)
def test_a_network_of_ipv6_is_its_first_bits(
    host: ipaddress.IPv6Address, base: ipaddress.IPv6Address, n: int, written: str
) -> None:
    near = ipaddress.IPv6Address((int(base) & ~((1 << 128 - n) - 1)) | (int(host) & ((1 << 128 - n) - 1)))
    assert entry_for(written.format(base, n), near.exploded.upper(), 80)
    assert bool(entry_for(written.format(base, n), str(host), 80)) == (int(base) >> 128 - n == int(host) >> 128 - n)

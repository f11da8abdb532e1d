"""**Log in** by password, **Forgot password?**, **Log out**, and how long a sign-in lives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher

from tests.views.school import PASSWORD, School, log_in, meanwhile, now, rows
from tests.views.statements import statements
from webapp.actions.operators import CannotAdd, add_operator, set_up_operator
from webapp.actions.passwords import hashing
from webapp.actions.reset_password import ask_reset
from webapp.store import database
from webapp.store.outbox import link_token
from webapp.store.tables import OutboxLetter

ADDRESS = "tess@school.example"


@contextmanager
def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How often a password is compared meanwhile."""
    compared: list[int] = []
    hasher = hashing.hasher

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            compared.append(1)
            return hasher.verify(hash, password)

    with monkeypatch.context() as patched:
        patched.setattr(hashing, "hasher", Counting())
        yield compared


def reset_link() -> str:
    """The path of the newest letter's link to a new password."""
    with database.directory() as session:
        letter = session.query(OutboxLetter).filter_by(kind="password_reset").order_by(OutboxLetter.id.desc()).first()
        assert letter
        return f"/password/reset/{link_token(letter)}"


def test_a_member_logs_in_and_lands_on_my_classes_with_her_name_in_the_head(school: School) -> None:
    school.member(ADDRESS)
    browser = school.browser()
    page = browser.follow(browser.post("/login", {"email": " TESS@school.example ", "password": PASSWORD}))
    assert page.request.path == "/classes"
    assert "Tess Teacher" in page.text


def test_the_login_page_shows_the_services_first(school: School) -> None:
    page = school.browser().get("/login").text
    assert 0 < page.index("Log in with Clever") < page.index("Log in with ClassLink") < page.index('name="password"')
    assert "Forgot password?" in page


@pytest.mark.parametrize("address", [ADDRESS, "nobody@school.example"])
def test_a_wrong_password_is_refused_in_plain_words(school: School, address: str) -> None:
    school.member(ADDRESS)
    answer = school.browser().post("/login", {"email": address, "password": "wrong wrong wrong"})
    assert answer.status_code == 422
    assert "The e-mail or the password is not right" in answer.text


def test_SEC_10_a_wrong_login_costs_the_same_for_known_and_unknown_addresses(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.member(ADDRESS)
    work = []
    for address in (ADDRESS, "nobody@school.example"):
        browser = school.browser()
        browser.get("/login")
        with statements() as sent, counted_hashes(monkeypatch) as hashes:
            answer = browser.post("/login", {"email": address, "password": "wrong wrong wrong"})
        work.append((answer.status_code, len(sent), len(hashes), answer.text.count("<")))
    assert work[0] == work[1] and work[0][2] == 1


def test_SEC_10_asking_for_a_new_password_costs_the_same_for_known_and_unknown_addresses(school: School) -> None:
    school.member(ADDRESS)
    work = []
    for address in (ADDRESS, "nobody@school.example"):
        before = rows("select count(*) from outbox")[0][0]
        with statements() as sent:
            answer = school.browser().post("/password/forgot", {"email": address})
        work.append((answer.status_code, len(sent), answer.text, rows("select count(*) from outbox")[0][0] - before))
    assert work[0] == work[1]


def test_SEC_29_many_wrong_passwords_slow_the_address_down_and_never_lock_it(school: School) -> None:
    school.member(ADDRESS)
    answers = [log_in(school.browser(), ADDRESS, "wrong wrong wrong") for _ in range(11)]
    assert answers[:9] == [422] * 9
    slowed = school.browser().post("/login", {"email": ADDRESS, "password": PASSWORD})
    assert slowed.status_code == 429
    assert "Wait a few seconds" in slowed.text
    forget_the_last_seconds(school)
    assert log_in(school.browser(), ADDRESS) == 303


def test_SEC_29_one_slowed_address_slows_nobody_else_behind_the_same_network(school: School) -> None:
    school.member(ADDRESS)
    for _ in range(12):
        log_in(school.browser(), "somebody@school.example", "wrong wrong wrong")
    assert log_in(school.browser(), ADDRESS) == 303


def test_SEC_11_a_copied_cookie_dies_at_logout(school: School) -> None:
    browser, thief = school.member(ADDRESS), school.browser()
    thief.steal(browser.session())
    assert thief.get("/classes").status_code == 200
    assert browser.post("/logout").status_code == 303
    assert thief.get("/classes").status_code == 303
    assert browser.get("/classes").status_code == 303


def test_SEC_25_logging_out_tells_that_the_portal_may_still_be_open(school: School) -> None:
    browser = school.member(ADDRESS)
    page = browser.follow(browser.post("/logout"))
    assert "may still be logged in" in page.text
    assert "Tess" not in page.text


@pytest.mark.parametrize(
    ("aged", "lives"),
    [
        ("seen_at = now() - interval '59 minutes'", True),
        ("seen_at = now() - interval '61 minutes'", False),
        ("made_at = now() - interval '11 hours 59 minutes'", True),
        ("made_at = now() - interval '12 hours 1 minute'", False),
    ],
)
def test_SEC_11_a_sign_in_ends_after_an_idle_hour_or_twelve_hours(school: School, aged: str, lives: bool) -> None:
    browser = school.member(ADDRESS)
    meanwhile(f"update sign_in set {aged}")
    assert (browser.get("/classes").status_code == 200) is lives


def test_SEC_12_switching_an_account_off_ends_its_sign_ins_at_once(school: School) -> None:
    browser = school.member(ADDRESS)
    meanwhile("update account set disabled_at = now()")
    assert browser.get("/classes").status_code == 303
    assert log_in(school.browser(), ADDRESS) == 422


def test_being_seen_is_written_at_most_once_a_minute(school: School) -> None:
    browser = school.member(ADDRESS)
    with statements() as sent:
        browser.get("/classes")
    assert not [one for one in sent if one.startswith("UPDATE sign_in")]
    meanwhile("update sign_in set seen_at = now() - interval '2 minutes'")
    with statements() as sent:
        browser.get("/classes")
    assert len([one for one in sent if one.startswith("UPDATE sign_in")]) == 1


def test_PERF_6_knowing_who_is_signed_in_takes_one_statement(school: School) -> None:
    browser = school.member(ADDRESS)
    with statements() as sent:
        browser.get("/")
    assert len(sent) == 1


def test_a_new_password_by_letter_ends_every_sign_in_and_works_once(school: School) -> None:
    browser = school.member(ADDRESS)
    fresh = school.browser()
    fresh.post("/password/forgot", {"email": ADDRESS})
    link = reset_link()
    assert fresh.get(link).headers["Referrer-Policy"] == "no-referrer"
    assert fresh.post(link, {"password": "short"}).status_code == 422
    assert fresh.post(link, {"password": "another good password"}).status_code == 303
    assert browser.get("/classes").status_code == 303
    assert log_in(fresh, ADDRESS) == 422
    assert log_in(fresh, ADDRESS, "another good password") == 303
    again = fresh.post(link, {"password": "and yet another one"})
    assert again.status_code == 410
    assert "no longer works" in again.text
    assert rows("select count(*) from outbox where kind = 'password_changed'") == [(1,)]


def test_a_link_to_a_new_password_is_good_for_an_hour_and_voids_older_ones(school: School) -> None:
    school.member(ADDRESS)
    ask_reset(ADDRESS, now=now() - timedelta(hours=1, seconds=1))
    assert school.browser().get(reset_link()).status_code == 410
    ask_reset(ADDRESS, now=now())
    first = reset_link()
    ask_reset(ADDRESS, now=now())
    school.browser().post(reset_link(), {"password": "another good password"})
    assert school.browser().get(first).status_code == 410


def test_a_link_asked_for_an_unknown_address_chooses_nobodys_password(school: School) -> None:
    ask_reset("nobody@school.example", now=now())
    assert school.browser().post(reset_link(), {"password": "another good password"}).status_code == 410


def test_an_operator_sets_a_password_by_the_link_and_lands_on_the_operators_page(school: School) -> None:
    token = add_operator("op@rollbook.example", now=now())
    browser = school.browser()
    assert "operator account" in browser.get(f"/invitations/{token}").text
    assert browser.post(f"/invitations/{token}", {"password": "short"}).status_code == 422
    page = browser.follow(browser.post(f"/invitations/{token}", {"password": PASSWORD}))
    assert page.request.path == "/operator"
    assert "Maple Schools" in page.text
    assert school.browser().get(f"/invitations/{token}").status_code == 404
    assert log_in(school.browser(), "op@rollbook.example") == 303


def test_one_address_is_never_an_operators_and_a_members_at_once(school: School) -> None:
    school.member(ADDRESS)
    with pytest.raises(CannotAdd):
        add_operator(ADDRESS, now=now())
    set_up_operator(add_operator("op@rollbook.example", now=now()), PASSWORD, now=now())
    token = school.invited("op@rollbook.example").token
    name = {"given_name": "O", "family_name": "P", "password": PASSWORD}
    assert "in use elsewhere" in school.browser().post(f"/invitations/{token}", name).text


def test_typed_rubbish_is_refused_without_a_crash(school: School) -> None:
    for typed in ("\x00", "a\x00b@school.example", "'; drop table account; --", "x" * 5000):
        assert school.browser().post("/login", {"email": typed, "password": typed}).status_code in (400, 422)


def test_SEC_32_good_and_bad_sign_ins_stand_in_the_book_without_addresses(school: School) -> None:
    school.member(ADDRESS)
    log_in(school.browser(), ADDRESS, "wrong wrong wrong")
    book = str(rows("select * from audit"))
    assert "sign_in_refused" in book and "'sign_in'" in book
    assert "school.example" not in book


def forget_the_last_seconds(school: School) -> None:
    """As if the few seconds between two slow tries had gone by."""
    import redis

    with redis.Redis.from_url(school.at.settings.queue_url) as counters:
        slow = [key for key in counters.scan_iter() if b"/1/5/second" in key]
        assert slow
        counters.delete(*slow)

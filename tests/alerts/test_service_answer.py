"""A service's answer from Apprise's log records, and the removal of secrets from it."""

from __future__ import annotations

import pytest

from alerts.service_answer import answer_of, redact
from sources.secrets import Secrets

NOT_VERIFIED = "(Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed')))"


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        (["Socket Exception: {'x@y.org': (550, b'5.7.1 no \\xd0\\xb4')}"], "the mail server said: 550 5.7.1 no д"),
        (["SMTP recipient x@y.org was refused: 451 b'later'"], "the mail server said: 451 later"),
        (['Socket Exception: (535, b"5.7.8 can\'t log in")'], "the mail server said: 535 5.7.8 can't log in"),
        (["Failed: Bad Request: chat not found, error=400."], "the server answered 400 Bad Request"),
        (["error=799."], "the server answered 799"),
        (
            ["error=401.", 'Response Details:\r\nb\'{"description": "no\\\\nsuch bot"}\''],
            'the server answered 401 Unauthorized: {"description": "no\\nsuch bot"}',
        ),
        (
            [
                "Socket Exception: HTTPSConnectionPool(host='h', port=443): Max retries exceeded with url: /bot1 "
                + NOT_VERIFIED
            ],
            "it could not be sent: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed",
        ),
        (
            ["Socket Exception: HTTPConnectionPool(host='h', port=80): Read timed out. (read timeout=4.0)"],
            "it could not be sent: Read timed out. (read timeout=4.0)",
        ),
        (
            ["Socket Exception: ('Connection aborted.', RemoteDisconnected('Remote end closed connection'))"],
            "it could not be sent: Remote end closed connection",
        ),
        (
            ["Socket Exception: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))"],
            "it could not be sent: Connection reset by peer",
        ),
        (
            [
                (
                    "Socket Exception: HTTPSConnectionPool(host='h.example', port=443): Max retries exceeded with url: /x "
                    "(Caused by NameResolutionError(\"HTTPSConnection(host='h.example', port=443): Failed to resolve "
                    "'h.example' ([Errno -2] Name or service not known)\"))"
                )
            ],
            "it could not be sent: could not resolve h.example",
        ),
        (
            [
                'Connection error while submitting email to "mail.example"',
                "Socket Exception: [Errno -3] Temporary failure in name resolution",
            ],
            "it could not be sent: could not resolve mail.example",
        ),
    ],
)
def test_the_server_s_own_words_are_found(messages, said):
    assert answer_of([("DEBUG", message) for message in messages]) == said


def test_without_them_the_last_warning_is_the_answer():
    records = [("WARNING", "first"), ("WARNING", "There are no channels"), ("DEBUG", "done")]
    assert answer_of(records) == "There are no channels"
    assert answer_of([]) == "it was not accepted, and the service gave no reason"


@pytest.mark.parametrize(
    ("url", "text", "clean"),
    [
        ("tgram://123456:AAE-xyz/42", "POST /bot123456:AAE-xyz/send", "POST /bot…/send"),
        ("json://h.org/hooks/Abc%2Fdefgh?-key=topsecret", "Abc/defgh, abc%2fdefgh and TOPSECRET", "…, … and …"),
        ("mailto://u:pw1!@smtp.org?to=desk@x.org", "pw1! for desk@x.org at smtp.org", "… for desk@x.org at smtp.org"),
        ("ntfys://hidden-topic", "no hidden-topic", "no …"),
        ("json://h.org", "Authorization: Bearer abcdefghijk.lmno", "Authorization: Bearer …"),
        ("json://h.org", "a\nb\x1b[31m", "a b[31m"),
    ],
)
def test_what_may_be_secret_is_taken_out_and_the_rest_is_one_line(url, text, clean):
    assert redact(text, url, Secrets()) == clean


@pytest.mark.parametrize(
    ("url", "message", "said"),
    [
        ("json://h.org/server/answered", "error=500.", "the server answered 500 Internal Server Error"),
        (
            "json://server:8080/x",
            "Exception: [Errno 111] Connection refused",
            "it could not be sent: [Errno 111] Conne",
        ),
        ("mailto://u:said@h.org", "Exception: {'x': (550, b'as said')}", "the mail server said: 550 as …"),
    ],
)
def test_our_own_words_are_never_taken_out(url, message, said):
    answer = answer_of([("DEBUG", message)], lambda text: redact(text, url, Secrets()))
    assert answer.startswith(said)


def test_secrets_of_the_configuration_are_named_by_their_reference():
    secrets = Secrets()
    secrets.add("${BOT_TOKEN}", "12345:abcdef")
    assert redact("no bot 12345:abcdef", "tgram://12345:abcdef/1", secrets) == "no bot ${BOT_TOKEN}"

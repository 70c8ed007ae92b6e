"""What a mail says: its parts, however they are written, and what its reader sees of them."""

from datetime import UTC, datetime

import pytest

from sources import Get, Page
from sources.mail.letter import IncomingMail, read_letter, strip_tracking
from tests.growth import growth

HEAD = "From: Registry <news@registry.example>\nTo: desk@example.org\nMessage-ID: <1@registry.example>\nSubject: News\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n"
BODY = "<p>The licence of Alpha was withdrawn by the chamber on Monday, and that of Beta was not.</p>"


def letter(rest: str, head: str = HEAD) -> IncomingMail:
    return read_letter((head + rest).encode())


def newsletter(html: str, head: str = HEAD) -> IncomingMail:
    return letter(HTML + html, head)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?utf-8?Q?Cha?=\n =?utf-8?Q?mber?=", "Chamber"),
        ("=?utf-8?B?0JfQsNC/?= =?utf-8?B?0YDQtdGCIA==?= 7", "Запрет 7"),
        ("=?utf-8?Q?=D0?= =?utf-8?Q?=97apret?=", "Зapret"),
        ("=?utf-7?Q?+BB8-?=", "П"),
        ("=?koi8-r?B?+sHQ0sXU?=", "Запрет"),
        ("=?no-such-charset?Q?=D0=97?=", "З"),
        ("=?utf-8?B?!!!0Jc?=", "З"),
        ("C:\\users =?utf-8?Q?a_b?= (c)", "C:\\users a b (c)"),
    ],
)
def test_a_subject_in_any_writing(written: str, read: str) -> None:
    assert letter("\n", f"Subject: {written}\n").title == read


def test_of_a_field_that_stands_twice_the_first_one_counts() -> None:
    assert letter("\n", "From: a@x.example\nfrom: b@y.example\n").sender == "a@x.example"


def test_raw_bytes_in_a_subject_are_read_in_their_encoding() -> None:
    subject = "Роскомнадзор заблокировал сайты".encode("koi8-r")
    assert read_letter(b"Subject: " + subject + b"\n\n").title == "Роскомнадзор заблокировал сайты"


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ('"Müller, A" <a@x.example>', "Müller, A <a@x.example>"),
        ('"chair@court.example" <evil@y.example>', "chair@court.example <evil@y.example>"),
        ("a@x.example, B <b@y.example>", "a@x.example, B <b@y.example>"),
        ('"A" a@x.example>', "A <a@x.example>"),
        ("nobody", "nobody"),
    ],
)
def test_senders_are_told_with_their_addresses(written: str, sender: str) -> None:
    assert letter("\n", f"From: {written}\n").sender == sender


def test_dates_that_are_missing_or_yet_to_come_are_those_of_the_mailbox() -> None:
    came = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for date in ("", "Date: Thu, 1 Jan 2099 00:00:00 +0000\n", "Date: tomorrow\n"):
        assert read_letter(f"{date}Subject: x\n\nx".encode(), came).published == came
    assert read_letter(b"Date: Sun, 1 Mar 2026 12:00:00 +0300\n\nx", came).published == came.replace(hour=9)


def alternative(plain: str, html: str) -> str:
    return (
        'Content-Type: multipart/alternative; boundary="b"\n\nold programs show this\n'
        f"--b\n\n{plain}\n--b\n{HTML}{html}\n"  # without the end
    )


def test_the_plain_part_counts_unless_it_only_points_to_the_html() -> None:
    assert letter(alternative("Alpha was struck off.", "<p>Alpha was struck off.</p>")).text == "Alpha was struck off."
    assert letter(alternative("See https://x.example/1", BODY)).text.startswith("The licence of Alpha")
    assert letter(alternative("", BODY)).text.startswith("The licence of Alpha")


def test_line_ends_of_all_kinds() -> None:
    for end in ("\r\n", "\r", "\n"):
        raw = (HEAD + alternative("one\ntwo", "<p>one<br>two</p>")).replace("\n", end).encode()
        assert read_letter(raw).text == "one\ntwo", repr(end)


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">Secret</div>',
        '<div style="DISPLAY : NONE !important">Secret</div>',
        '<div style="font-size:1px;line-height:1px">Secret</div>',
        '<div style="max-height:0px; overflow:hidden"><b>Secret</b></div>',
        '<div style="opacity:0">Secret</div>',
        '<table bgcolor="#FFF"><tr><td style="color:#ffffff">Secret</td></tr></table>',
        '<div style="background:rgb(10, 20, 30)"><font color="#0a141e">Secret</font></div>',
        '<style>@media screen{p{color:red}} .pre, .x{visibility:hidden}</style><p class="pre">Secret</p>',
        '<p hidden>Secret</p><p style="color:transparent">Secret</p>',
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    assert (
        newsletter(hidden + BODY).text
        == "The licence of Alpha was withdrawn by the chamber on Monday, and that of Beta was not."
    )


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0"><span style="font-size:14px">Open</span></td>',
        '<div style="background:url(a.png)"><p style="color:#fff">Open</p></div>',
        '<div style="background-image:linear-gradient(red, blue)"><p style="color:#fff">Open</p></div>',
        '<div style="background-color:#fff;background:linear-gradient(red, blue)"><p style="color:#fff">Open</p></div>',
        '<style>.dark{background-color:#222}</style><div class="dark"><p style="color:white">Open</p></div>',
        '<style>@media print{.a{display:none}}</style><p class="a">Open</p>',
        '<div style="height:auto; overflow:hidden">Open</div>',
        '<div style="color:#fff"><a href="https://x.example/">Open</a></div>',
    ],
)
def test_what_is_seen_is_read(shown: str) -> None:
    assert newsletter(shown + BODY).text.startswith("Open")


@pytest.mark.parametrize(
    "footer",
    [
        '<p>© Registry. <a href="https://x.example/unsubscribe?u=1">Leave</a></p><p>Street 1</p>',
        '<div class="mail-footer"><p>Street 1</p></div>',
        '<p>You get this mail as you asked for it: <a href="https://click.example/?u=https%3A%2F%2Fx.example%2Fl%2F7">end it</a></p>',
        '<br>If you want no more, <a href="https://x.example/NotificationOptOut?id=1">click here</a>.',
    ],
)
def test_the_footer_is_left_out_with_its_links(footer: str) -> None:
    head = HEAD + "List-Unsubscribe: <mailto:x@x.example>, <https://x.example/l/7>\n"
    read = newsletter(f'{BODY * 3}<p><a href="https://x.example/news/1">More of it</a></p>{footer}', head)
    assert read.text.endswith("More of it")
    assert [link.url for link in read.links] == ["https://x.example/news/1"]


def test_a_letter_that_is_about_subscriptions_is_no_footer() -> None:
    text = '<p>The bill on how to unsubscribe, see <a href="https://x.example/unsubscribe-bill">here</a></p>'
    assert "The bill" in newsletter(text + BODY * 2).text
    assert newsletter(text).text.startswith("The bill")


def test_an_address_with_a_token_is_told_by_its_host() -> None:
    read = letter("\nRead it here: ( https://c.example/ls?upn=aB3defghijklmnopqrst ) or there.\n")
    assert read.text == "Read it here: ( c.example ) or there."
    assert read.links[0].url == "https://c.example/ls?upn=aB3defghijklmnopqrst"


def test_a_plain_letter_without_signature_and_footer() -> None:
    text = (
        "Alpha was struck off.\nDecision <https://x.example/d/1>\n\nSee https://x.example/d/2.\n"
        + "More words of it. " * 20
    )
    read = letter(f"\n{text}\n\nTo unsubscribe, go to https://x.example/u/9\n-- \nThe desk\n")
    assert read.text.startswith("Alpha was struck off.\nDecision\nSee https://x.example/d/2.")
    assert read.text.endswith("More words of it.")
    assert [(link.text, link.url) for link in read.links] == [
        ("Decision", "https://x.example/d/1"),
        ("https://x.example/d/2", "https://x.example/d/2"),
    ]


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://x.example/a?utm_source=mail&id=7&utm_term=b#c", "https://x.example/a?id=7#c"),
        ("https://click.example/?d=1&url=https%3A%2F%2Fx.example%2Fa%3Futm_id%3D3", "https://x.example/a"),
        ("https://c.example/t/abc/aHR0cHM6Ly94LmV4YW1wbGUvYT9pZD03", "https://x.example/a?id=7"),
        (
            "https://c.example/?a=https://x.example/1&b=https://x.example/2",
            "https://c.example/?a=https://x.example/1&b=https://x.example/2",
        ),
        ("https://[", "https://["),
    ],
)
def test_addresses_without_tracking(url: str, bare: str) -> None:
    assert strip_tracking(url) == bare


def test_the_same_link_in_another_letter_has_the_same_identity() -> None:
    def links(reader: str) -> list[str]:
        rows = "".join(f'<p><a href="https://x.example/s?l={n}&m={reader}">Act {n}</a></p>' for n in range(4))
        opaque = f'<p><a href="https://c.example/l/Ab1{reader}/s/1"><img alt="The fifth act of them" src="x"></a></p>'
        return [
            link.key
            for link in newsletter(f"{rows}{opaque}<p>Beta: <a href='https://c.example/Ab1{reader}'>here</a></p>").links
        ]

    first = links("0123456789abcdefXYZ")
    assert first == links("a123456789abcdefXYw")
    assert first[0] == "https://x.example/s?l=0"
    assert first[4:] == ["The fifth act of them", "here | Beta: here"]


def test_a_mail_is_known_by_message_id_and_content() -> None:
    mail = newsletter(BODY)
    assert mail.key == newsletter(BODY).key
    assert mail.key != newsletter(BODY + "<p>And Gamma.</p>").key
    assert mail.key != newsletter(BODY, HEAD.replace("<1@", "<2@")).key


def test_a_newsletter_sent_twice_a_day_is_one() -> None:
    def copy(number: int, day: int = 1) -> str:
        head = f"List-Id: <news.x.example>\nDate: {day} Mar 2026 1{number}:00:00 +0000\n"
        head += HEAD.replace("<1@", f"<{number}@").replace("desk@", f"anna{number}@")
        return newsletter(
            f"{BODY}<p>For anna{number}@example.org <img src='https://x.example/{number}.gif' width=1></p>", head
        ).key

    assert copy(1) == copy(2)
    assert copy(1) != copy(1, day=2)


def mixed(*parts: str) -> str:
    return 'Content-Type: multipart/mixed; boundary="b"\n\n' + "".join(f"--b\n{part}\n" for part in parts) + "--b--\n"


def test_attachments_with_names_in_any_writing() -> None:
    files = letter(
        mixed(
            "\nSee the list.",
            "Content-Type: text/csv; name*=utf-8''%D1%81%D0%BF.csv\nContent-Transfer-Encoding: base64\n\na2V5LG4K!!\nMSx4",
            'Content-Disposition: attachment; filename="=?utf-8?B?0YHQvy5wZGY=?="\nContent-Type: application/pdf\n\n%PDF',
            "Content-Type: application/x; name*0=a; name*1=b; name*=c\n\nx",
            "Content-Type: image/png\nContent-ID: <1>\n\npicture of the letter",
            "Content-Type: message/rfc822\n\nSubject: Inner\n\nText",
        )
    )
    assert files.text == "See the list."
    assert [entry.title for entry in files.file_entries()][:2] == ["сп.csv", "сп.pdf"]
    assert [part.content for part in files.files][:2] == [b"key,n\n1,x", b"%PDF"]
    assert files.entry().fields["attachments"].endswith("; Inner")


def test_attachments_are_pages_for_other_kinds() -> None:
    page = Page(Get("imaps://x.example"), "imaps://x.example/INBOX", 200, {}, b"", datetime.now(UTC))
    mail = letter(mixed("\ntext", "Content-Type: text/csv; charset=koi8-r; name=a.csv\n\nkey\n\u0437"))
    (made,) = mail.file_pages(page)
    assert (made.url, made.body.decode(), made.content_type) == (
        "imaps://x.example/INBOX#a.csv",
        "key\n\u0437",
        "text/csv",
    )


def deep(levels: int) -> bytes:
    return (
        "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels)).encode()
        + b"\nhello"
    )


BOMBS = {
    "nested": deep(10_000),
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nhello\n" * 100_000,
    "header": b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\nFrom: " + b"(" * 100_000 + b"\n\nhello",
    "fields": b"".join(b"X%d: y\n" % number for number in range(100_000)) + b"\nhello",
    "boundary": b"Content-Type: multipart/mixed; boundary=\n\nhello",
    "numbered": b"Content-Type: text/plain; charset*" + b"9" * 4500 + b"=x; charset*=y\n\nhello",
    "html": b"Content-Type: text/html\n\n" + b"<div>" * 100_000 + b"hello" + b"</div>" * 100_000,
    "styles": b"Content-Type: text/html\n\n<style>" + b"p a b{color:red}" * 9_000 + b"{" * 9_000 + b"</style><p>hello",
    "base64": b"Content-Transfer-Encoding: base64\n\naGVsbG8 =!",
    "charset": b"Content-Type: text/plain; charset=rot13\n\nhello",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_bounded_and_the_rest_is_read(name: str) -> None:
    mail = read_letter(b"From: a@x.example\n" + BOMBS[name])
    assert mail.sender == "a@x.example"
    assert "hello" in mail.text or name == "nothing"
    assert len(mail.files) <= 1000
    assert mail.key


@pytest.mark.parametrize(
    "unit",
    [
        b"a line of words\n",
        b"see https://x.example/a?b=c <https://x.example/d> ",
        b"<p style='color:red'>a <a href='https://x.example/unsubscribe?a=1'>link</a></p>",
        b"<span style='display:none'>x</span><b>y<<",
    ],
)
@pytest.mark.parametrize("kind", [b"plain", b"html"])
def test_a_mail_takes_time_in_proportion_to_its_size(kind: bytes, unit: bytes) -> None:
    def read(count: int) -> None:
        read_letter(b"Content-Type: text/" + kind + b"\n\n" + unit * count)

    assert growth(read, 1000, 8000) < 3

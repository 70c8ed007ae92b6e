"""Pages in place of the content, and content that resembles them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import BadDocument, Blocked, EmptyBody, Entry, Get, HttpStatus, NotFound, Page, Source, SourceError
from sources.blocked.classify import KnownResponse, check_content, classify
from sources.reading.engine import read_page
from tests.growth import cheapest, growth

MakePage = Callable[..., Page]
Ask = Callable[..., Page]

URL = "https://register.example/list"


def html(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"


def told(text: str, status: int = 200, url: str = URL, asked: str = URL, **headers: str) -> str | None:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    block = classify(KnownResponse(status, sent, asked, url, text))
    return block.code if block else None


MENU = "<ul class=menu>" + "".join(f"<li><a href=/s{n}>Section number {n}</a></li>" for n in range(12)) + "</ul>"
# fmt: off
IN_PLACE_OF_THE_CONTENT = {
    "cloudflare 2017": ("challenge_page", html("Just a moment...", "<h1>Checking your browser before accessing x.example.</h1><p>This process is automatic.</p><form id='challenge-form' action='/cdn-cgi/l/chk_jschl'><input type=hidden name=jschl_vc value=1></form>")),
    "cloudflare 2021": ("challenge_page", html("Please Wait... | Cloudflare", "<div class=cf-browser-verification></div><noscript>Please turn JavaScript on and reload the page.</noscript>")),
    "cloudflare turnstile": ("challenge_page", html("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={cvId:'3',cZone:'x.example'};</script>")),
    "cloudflare turnstile in Russian": ("challenge_page", html("Один момент…", "<h1>x.example</h1><p>Проверяем безопасность соединения.</p><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>")),
    "cloudflare captcha": ("captcha", html("Attention Required! | Cloudflare", "<h1>One more step</h1><div class=cf-captcha-container><form action='/cdn-cgi/l/chk_captcha'></form></div>")),
    "cloudflare block": ("access_denied", html("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1><h2>You are unable to access x.example</h2><div id=cf-error-details><p>This website is using a security service.</p></div>")),
    "cloudflare country": ("geo_blocked", html("Access denied | x.example used Cloudflare to restrict access", "<h1>Access denied</h1><p>Error 1009. The owner of this website has banned the country or region your IP address is in.</p>")),
    "cloudflare bot management": ("challenge_page", "<html><head><script async src='/cdn-cgi/bm/cv/1/api.js'></script></head><body><script>window['__CF$cv$params']={r:'1'};</script></body></html>"),
    "ddos-guard": ("challenge_page", html("DDoS-Guard", "<h1>Checking your browser before accessing x.example</h1><script src='/.well-known/ddos-guard/js-challenge/index.js'></script>")),
    "ddos-guard captcha": ("captcha", html("DDOS-GUARD", "<div id=ddg-captcha></div><script src='/.well-known/ddos-guard/ddg-captcha-page/index.js'></script>")),
    "a countdown beside a large inline image": ("challenge_page", html("", f"<img src='data:image/png;base64,{'iVBORw0KGgo+/A' * 9000}'><p>Loading... please wait 5 seconds</p><script>setTimeout(go, 5000)</script>")),
    "qrator": ("challenge_page", "<!doctype html><html><head><script src='/__qrator/qauth_utm_v2.js'></script></head><body></body></html>"),
    "stormwall": ("challenge_page", html("x.example", "<p>Проверка браузера</p><script>var stormwall_token='1';</script>")),
    "servicepipe": ("challenge_page", html("", "<div id=id_spinner></div><script src='//servicepipe.ru/static/checkjs/1.js'></script><script>function get_cookie_spsn(){return 'spsn=1'}</script>")),
    "smartcaptcha": ("captcha", html("Вы не робот?", "<p>Подтвердите, что запросы отправляли вы, а не робот</p><form action='/checkcaptcha' class=CheckboxCaptcha></form>")),
    "old yandex captcha": ("captcha", html("Ой!", "<p>Нам очень жаль, но запросы с вашего устройства похожи на автоматические.</p><img src='/captcha/image?key=1'><input name=rep>")),
    "akamai": ("access_denied", html("Access Denied", "<h1>Access Denied</h1>You don't have permission to access \"http&#58;&#47;&#47;x.example&#47;\" on this server.<p>Reference&#32;&#35;18&#46;57c90b17&#46;1775931942&#46;5b4183e6</p>")),
    "akamai bot manager": ("challenge_page", html("x.example", "<div id='sec-if-cpt-container'></div><script src='/a/b?v=1&t=2'></script>")),
    "imperva": ("access_denied", "<html style='height:100%'><head><META NAME='ROBOTS' CONTENT='NOINDEX, NOFOLLOW'></head><body><iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=1&incident_id=1-2'>Request unsuccessful. Incapsula incident ID: 1-2</iframe></body></html>"),
    "imperva, second kind": ("challenge_page", html("Pardon Our Interruption", "<h1>Pardon Our Interruption...</h1><p>As you were browsing something about your browser made us think you were a bot.</p>")),
    "aws waf": ("challenge_page", html("", "<div id=challenge-container></div><script>window.gokuProps={key:'1'};AwsWafIntegration.getToken()</script><noscript><h1>JavaScript is disabled</h1></noscript>")),
    "cloudfront": ("access_denied", html("ERROR: The request could not be satisfied", "<h1>403 ERROR</h1><h2>The request could not be satisfied.</h2>Request blocked.<pre>Generated by cloudfront (CloudFront)</pre>")),
    "cloudfront country": ("geo_blocked", html("ERROR: The request could not be satisfied", "<h1>403 ERROR</h1>The Amazon CloudFront distribution is configured to block access from your country.")),
    "sucuri": ("access_denied", html("Sucuri WebSite Firewall - Access Denied", "<h1>Access Denied - Sucuri Website Firewall</h1><p>Block reason: bad bot access attempt</p>")),
    "sucuri cookie": ("challenge_page", "<html><title>You are being redirected...</title><noscript>Javascript is required.</noscript><script>var s={};sucuri_cloudproxy_js='';</script></html>"),
    "perimeterx": ("captcha", html("Access to this page has been denied", "<h1>Please verify you are a human</h1><div id='px-captcha'></div>")),
    "datadome": ("captcha", html("x.example", "<p id=cmsg>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>")),
    "f5": ("access_denied", "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 123</body></html>"),
    "anubis": ("challenge_page", html("Making sure you&#39;re not a bot!", "<p>Loading...</p><script src='/.within.website/x/cmd/anubis/static/js/main.mjs'></script>")),
    "a cookie and again": ("challenge_page", "<html><body><script>document.cookie='seen=1;path=/';location.reload();</script></body></html>"),
    "a captcha alone": ("captcha", html("x.example", "<form method=post><div class=g-recaptcha data-sitekey=1></div><button>Continue</button></form>")),
    "an image to copy": ("captcha", html("Register", "<p>Введите код с картинки</p><img src='/captcha.php'><input name=code><input type=submit>")),
    "unusual traffic": ("captcha", html("Sorry", "<p>Our systems have detected unusual traffic from your computer network.</p><div class=g-recaptcha></div>")),
    "too many requests": ("rate_limited", html("Too Many Requests", "<h1>Too Many Requests</h1><p>Slow down.</p>")),
    "a country, in English": ("geo_blocked", html("x.example", "<p>Sorry, this content is not available in your country.</p>")),
    "a region, in Russian": ("geo_blocked", html("Портал", "<p>Сайт недоступен в вашем регионе. Доступ с зарубежных адресов ограничен.</p>")),
    "outside Russia": ("geo_blocked", html("Госуслуги", "<h1>Доступ из-за пределов России ограничен</h1>")),
    "a provider's notice": ("geo_blocked", html("Доступ к ресурсу ограничен", "<p>Доступ к запрашиваемому ресурсу ограничен на основании Федерального закона 149-ФЗ.</p>")),
    "european visitors": ("geo_blocked", html("Unavailable due to legal reasons", "<p>We recognize you are attempting to access this website from a country belonging to the European Economic Area (EEA) including the EU which enforces the General Data Protection Regulation (GDPR) and therefore access cannot be granted at this time.</p>")),
    "a country, in German": ("geo_blocked", html("x.example", "<p>Dieser Inhalt ist in Ihrem Land nicht verfügbar.</p>")),
    "maintenance": ("maintenance", html("Site maintenance", "<h1>We&rsquo;ll be back soon!</h1><p>We are performing some maintenance at the moment.</p>")),
    "technical works": ("maintenance", html("Реестр", "<h1>Ведутся технические работы</h1><p>Приносим извинения за временные неудобства.</p>")),
    "technical works without a heading": ("maintenance", "<html><body>На сайте ведутся плановые технические работы</body></html>"),
    "unavailable": ("maintenance", html("SEC | File Unavailable", "<h1>This page is temporarily unavailable.</h1><p>The site is undergoing maintenance.</p>")),
    "soft 404": ("soft_404", html("404 Not Found", "<h1>Not Found</h1><p>The requested URL was not found on this server.</p>")),
    "soft 404 in Russian": ("soft_404", html("Страница не найдена | Ведомство", "<h1>Страница не найдена</h1><a href=/>На главную</a>")),
    "soft 404 with a menu": ("soft_404", html("Page not found – Agency", MENU + "<h1>Page not found</h1><p>Sorry.</p>" + MENU)),
    "soft 404 with a great menu": ("soft_404", html("Page not found | Agency", MENU * 40 + "<h1>Page not found</h1><p>Sorry.</p>")),
    "error with 200": ("error_page", html("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>")),
    "database": ("error_page", html("Database Error", "<h1>Error establishing a database connection</h1>")),
    "login": ("login_page", html("Sign in to the portal", "<form action=/session><input name=user><input type=password name=password></form>")),
    "login in Russian": ("login_page", html("Реестр", "<h1>Вход в систему</h1><form>Логин <input name=l> Пароль <input type='password' name=p></form>")),
    "sent to the login": ("login_page", "<html><head><meta http-equiv='refresh' content='0; url=/auth/login?next=/list'></head><body></body></html>"),
    "react": ("needs_javascript", html("Register", "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div><script src=/main.js></script>")),
    "vue": ("needs_javascript", html("Register", "<div id=app><!-- filled later --></div><script src=/app.js></script>")),
    "angular": ("needs_javascript", html("Register", "<app-root></app-root><script type=module src=/main.js></script>")),
    "loading": ("needs_javascript", html("Register", "<noscript>Включите JavaScript</noscript><p>Загрузка…</p><script src=/a.js></script>")),
    "sent on": ("html_redirect", "<html><head><meta http-equiv=refresh content='0;URL=/new/list'></head><body>Moved</body></html>"),
}

GENUINE = {
    "an article about captchas": html("What is a CAPTCHA?", "<h1>What is a CAPTCHA?</h1><p>" + "A CAPTCHA asks you to verify you are human before you may go on to the page that you wanted to read. " * 2 + "</p><p>" + "Cloudflare shows 'Just a moment...' and reCAPTCHA shows a box: I'm not a robot. Many people dislike both of them. " * 2 + "</p><p>" + "Registers use them against programs that ask too often, which is every program, in the end. " * 2 + "</p>"),
    "a short note on Yandex": html("Как устроена SmartCaptcha", "<article><h1>Вы не робот?</h1><p>Так спрашивает Яндекс. Подтвердите, что запросы отправляли вы, просит он.</p></article>"),
    "an encyclopedia's entry": html("HTTP 404 - Encyclopedia", "<h1>HTTP 404</h1>" + "<p>" + "The server could not find what was requested, and says so with the status 404 Not Found. " * 3 + "</p>" + "<p>" + "Some servers answer 200 all the same, which is called a soft 404 by those who must tell. " * 3 + "</p>" + "<p>" + "The first servers of the web already knew it, and the number has become a word since. " * 3 + "</p>"),
    "a search form with reCAPTCHA": html("Search the register", "<h1>Search the register</h1><form><label>Name <input name=q></label><div class=g-recaptcha data-sitekey=1></div><button>Search</button></form><script src='https://www.google.com/recaptcha/api.js'></script>"),
    "a search form with an image": html("Поиск в реестре", "<h1>Поиск в реестре</h1><form>ИНН <input name=inn> Введите код с картинки <input name=code><img src='/captcha.php'></form>"),
    "a contact form": html("Обратная связь", "<h1>Обратная связь</h1><form><input name=name><textarea name=text></textarea><div class='smart-captcha'></div>Подтвердите, что вы не робот</form>"),
    "a small register behind Cloudflare": html("Register", "<table><tr><th>Name</th></tr><tr><td>Apple</td></tr></table><script>window['__CF$cv$params']={r:'1'};var s='/cdn-cgi/challenge-platform/scripts/jsd/main.js';</script>"),
    "addresses that Cloudflare hides": html("Contacts", "<p>Write to <a href='/cdn-cgi/l/email-protection#12'>the desk</a> about the list.</p>"),
    "a register with a login box": html("Register of licences", "<form><input name=user><input type=password></form><h1>Licences</h1><ul>" + "<li>Licence of Example Ltd, in force</li>" * 8 + "</ul>"),
    "a link to the login": html("Реестр", "<a href=/login>Вход</a><h1>Реестр</h1><p>В реестре 3 записи.</p>"),
    "news of maintenance": html("Новости", "<h1>Новости</h1><ul><li><a href=/1>12 мая ведутся технические работы</a></li><li><a href=/2>Сайт временно недоступен 13 мая</a></li></ul>"),
    "an article about maintenance": html("Portal will be down on Sunday", "<h1>Portal will be down on Sunday</h1><time datetime=2025-07-01>1 July</time><p>The register is undergoing scheduled maintenance on Sunday, so the site is temporarily unavailable.</p>"),
    "a banner above the register": html("Реестр", "<div>В воскресенье ведутся технические работы, сайт временно недоступен.</div><table><tr><th>Имя<th>Статус</tr><tr><td>Zoom<td>исполнено</tr><tr><td>Apple<td>исполнено</tr></table>"),
    "a register of blocked sites": html("Blocked", "<h1>Blocked</h1><table>" + "<tr><td>casino.example</td><td>access denied by court</td></tr>" * 3 + "</table>"),
    "a list of blockings": html("Реестр запрещённых сайтов", "<h1>Решения</h1><ul><li>Доступ к ресурсу one.example ограничен по решению суда</li><li>Доступ к ресурсу two.example ограничен по решению суда</li><li>Доступ запрещён: three.example</li></ul>"),
    "an article about blocking": html("Сайт недоступен в вашей стране: как это устроено", "<meta property='og:type' content='article'><h1>Как блокируют сайты</h1><p>Надпись «сайт недоступен в вашей стране» показывает провайдер.</p>"),
    "a marker in an example": html("Detecting challenges", "<h1>Detecting challenges</h1><p>Look for <code>jschl_vc</code>, <code>_cf_chl_opt</code> and <code>px-captcha</code>.</p>"),
    "one message of a channel": "<div class='message' data-post='x/1'><div class=text>Ведутся технические работы</div><time datetime='2025-07-01'></time></div>",
    "a page with its data in a script": html("Register", "<div id=root></div><script>window.__STATE__={\"items\":[" + '{"name":"Zoom","status":"met"},' * 120 + "{}]}</script>"),
    "hardly any text and a counter": html("Registered: 42", "<p>There are 42 companies in the register.</p><script src=/counter.js></script><noscript><img src=/counter.gif></noscript>"),
    "a page that refreshes itself": "<html><head><meta http-equiv=refresh content='5;url=/list'></head><body><p>Entries: 12</p></body></html>",
    "no entries today": html("Notices", "<h1>Notices</h1><p>No notices were found for the chosen dates.</p>"),
    "a feed of news about captchas": "<?xml version='1.0'?><rss><channel><item><title>Just a moment...</title><description>&lt;p&gt;Access Denied&lt;/p&gt;</description></item></channel></rss>",
    "json that speaks of errors": json.dumps({"items": [{"id": 1, "title": "Access denied", "text": "Too many requests"}]}),
    "a short csv": "name;reason\nZoom;Too many requests\n",
}
# fmt: on


@pytest.mark.parametrize("name", IN_PLACE_OF_THE_CONTENT)
def test_a_page_in_place_of_the_content_is_told_by_its_kind(name: str) -> None:
    code, text = IN_PLACE_OF_THE_CONTENT[name]
    assert told(text) == code


@pytest.mark.parametrize("name", GENUINE)
def test_a_page_that_only_looks_like_one_is_left_to_its_reader(name: str, make_page: MakePage) -> None:
    assert told(GENUINE[name]) is None
    check_content(make_page(GENUINE[name], ""))


@pytest.mark.parametrize("name", IN_PLACE_OF_THE_CONTENT)
def test_the_same_words_beside_a_register_are_no_block(name: str) -> None:
    rows = "".join(f"<tr><td>Company {n}</td><td>licence in force</td></tr>" for n in range(30))
    _, text = IN_PLACE_OF_THE_CONTENT[name]
    assert (
        told(
            text.replace("</body>", f"<table>{rows}</table></body>").replace("</html>", f"<table>{rows}</table></html>")
        )
        is None
    )


@pytest.mark.parametrize(
    ("status", "text", "code"),
    [
        (503, IN_PLACE_OF_THE_CONTENT["cloudflare 2017"][1], "challenge_page"),
        (403, IN_PLACE_OF_THE_CONTENT["datadome"][1], "captcha"),
        (401, IN_PLACE_OF_THE_CONTENT["qrator"][1], "challenge_page"),
        (403, IN_PLACE_OF_THE_CONTENT["a region, in Russian"][1], "geo_blocked"),
        (503, IN_PLACE_OF_THE_CONTENT["technical works"][1], "maintenance"),
        (403, "error code: 1009", "geo_blocked"),
        (403, '{"url":"https://geo.captcha-delivery.com/captcha/?cid=1"}', "captcha"),
        (451, "", "geo_blocked"),
        (403, html("403 Forbidden", "<h1>403 Forbidden</h1>"), "http_403"),
        (429, html("429 Too Many Requests", "<h1>429 Too Many Requests</h1>"), "http_429"),
        (401, "", "http_401"),
        (404, html("Page not found", "<h1>Page not found</h1>"), None),
        (404, html("Technical difficulties", "<h1>We are experiencing technical difficulties</h1>"), None),
        (502, html("502 Bad Gateway", "<h1>502 Bad Gateway</h1>"), None),
    ],
)
def test_an_error_status_keeps_its_code_unless_the_page_says_more(status: int, text: str, code: str | None) -> None:
    assert told(text, status) == code


def test_headers_say_it_without_a_body() -> None:
    assert told("", cf_mitigated="challenge") == "challenge_page"
    assert told("", 202, x_amzn_waf_action="captcha") == "captcha"
    block = classify(KnownResponse(403, {"server": "AkamaiGHost"}, URL, URL, title="Access Denied"))
    assert block is not None
    assert (block.code, block.who) == ("access_denied", "Akamai")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://register.example/account/login?next=/list", "login_page"),
        ("https://sso.example/", "login_page"),
        ("https://yandex.example/showcaptcha?retpath=1", "captcha"),
        ("https://blocked.provider.example/", "geo_blocked"),
        ("https://register.example/error/404.html", "soft_404"),
        ("https://register.example/lists/2025", None),
    ],
)
def test_where_a_redirect_led_counts_when_there_is_no_content(url: str, code: str | None) -> None:
    thin = html("Register", "<p>One moment</p>")
    rich = html("Register", "<h1>Register</h1><ul>" + "<li>Example Ltd, licence in force</li>" * 40 + "</ul>")
    assert told(thin, url=url) == code
    assert told(rich, url=url) is None
    assert told(thin, url=url, asked=url) is None


def test_a_cut_page_is_truncated(make_page: MakePage) -> None:
    whole = html("Register", "<div><div>" + "<ul>" + "<li>Example Ltd, licence in force</li>" * 9 + "</ul></div></div>")
    check_content(make_page(whole))
    for end in ("<li>Exam", "</li", "<ul>", "</title>\n<style>p {"):
        begins = whole.rindex(end[:4]) if end != "</title>\n<style>p {" else whole.index("</title>")
        with pytest.raises(BadDocument, match="cut off") as caught:
            check_content(make_page(whole[:begins] + end))
        assert caught.value.code == "truncated"


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><title>Register</title><p>Zoom<p>Apple",
        "<html><body><div><p>One division too many</p>",
        "<!doctype html><html><body><ul><li>Zoom<li>Apple</ul>\n<!-- served from a cache -->",
        "<html><body><ul><li>Zoom</ul></body><script>late()",
        "<ul><li>A fragment<li>is no page",
        "<html><body><p>3 < 4",
    ],
)
def test_a_page_that_leaves_its_end_tags_out_is_whole(text: str, make_page: MakePage) -> None:
    check_content(make_page(text))


def test_json_that_breaks_off_is_truncated(make_page: MakePage) -> None:
    document = json.dumps([{"name": f"Company {number}"} for number in range(200)])
    check_content(make_page(document + "\n", "application/json"))
    for cut in (30, 3000):
        with pytest.raises(BadDocument, match="in the middle of its JSON") as caught:
            check_content(make_page(document[:cut], "application/json"))
        assert caught.value.code == "truncated"


@pytest.mark.parametrize("body", [b"", b" \n", b"\xef\xbb\xbf\r\n", b"<html><head></head><body> </body></html>"])
def test_nothing_is_an_empty_body(body: bytes, make_page: MakePage) -> None:
    with pytest.raises(EmptyBody):
        check_content(make_page(body))


class Reads(Source):
    """Reads anything, and says what it was given."""

    def parse(self, page: Page) -> Iterator[Entry | Get]:
        if "no list" in page.text:
            raise NotFound("no list")
        yield Entry(page.json()["key"] if page.content_type == "application/json" else "text")


def test_a_challenge_where_json_is_due_is_a_challenge(make_page: MakePage) -> None:
    page = make_page(IN_PLACE_OF_THE_CONTENT["cloudflare turnstile"][1], "application/json")
    with pytest.raises(Blocked, match="a challenge page of Cloudflare") as caught:
        list(read_page(Reads(url=URL), page))
    assert caught.value.code == "challenge_page"
    assert "\n" not in caught.value.message


def test_a_shell_with_data_is_blocked_only_when_its_reader_finds_nothing(make_page: MakePage) -> None:
    shell = GENUINE["a page with its data in a script"]
    assert list(read_page(Reads(url=URL), make_page(shell))) == [Entry("text")]
    with pytest.raises(Blocked) as caught:
        list(read_page(Reads(url=URL), make_page(shell.replace("Zoom", "no list"))))
    assert caught.value.code == "needs_javascript"
    with pytest.raises(NotFound):
        list(read_page(Reads(url=URL), make_page(html("Register", "<p>There is no list here.</p>"))))


@pytest.mark.parametrize(
    "body", ["<div id='root'></div><script src=/a.js></script>", "no list"], ids=["shell", "with data"]
)
def test_a_page_that_a_browser_rendered_is_not_to_be_rendered(body: str, make_page: MakePage) -> None:
    shell = GENUINE["a page with its data in a script"].replace("Zoom", "no list")
    page = make_page(html("Register", body) if "<" in body else shell)
    with pytest.raises(Blocked, match="though Chromium rendered it: name another element in wait_for") as caught:
        list(read_page(Reads(url=URL, fetch="browser"), page))
    assert caught.value.code == "needs_javascript"
    assert 'fetch = "browser"' not in caught.value.message


def test_a_challenge_that_a_browser_met_is_not_for_a_browser(make_page: MakePage) -> None:
    page = make_page(IN_PLACE_OF_THE_CONTENT["cloudflare turnstile"][1])
    with pytest.raises(Blocked, match="a challenge page of Cloudflare, which Chromium did not pass"):
        list(read_page(Reads(url=URL, fetch="browser"), page))


def test_words_in_other_encodings(make_page: MakePage) -> None:
    text = html("Реестр", "<h1>Ведутся технические работы</h1>").replace("utf-8", "windows-1251")
    for body in (text.encode("cp1251"), text.encode("utf-16"), text.encode("utf-8")):
        with pytest.raises(Blocked) as caught:
            check_content(make_page(body, ""))
        assert caught.value.code == "maintenance"


def test_what_came_with_an_error_status_names_the_reason(site: Any, ask: Ask) -> None:
    page = IN_PLACE_OF_THE_CONTENT["cloudflare captcha"][1]
    site.page("/plain", page, status=403, headers={"Retry-After": "60"})
    site.page("/packed", gzip.compress(page.encode()), status=403, headers={"Content-Encoding": "gzip"})
    site.page("/long", page + " " * 200_000, status=403)
    site.page("/damaged", b"\x1f\x8b\x08 and no more", status=403, headers={"Content-Encoding": "gzip"})
    codes = {}
    for path in ("/plain", "/packed", "/long", "/damaged"):
        with pytest.raises(HttpStatus, match="answered 403 Forbidden: a") as caught:
            ask(site.url(path))
        codes[path] = (caught.value.code, caught.value.status, caught.value.retry_after is not None)
    assert codes["/plain"] == ("captcha", 403, True)
    assert codes["/packed"] == codes["/long"] == ("captcha", 403, False)
    assert codes["/damaged"] == ("http_403", 403, False)


def test_a_redirect_to_a_login_is_a_login(site: Any, ask: Ask) -> None:
    site.redirect("/list", "/login?next=/list")
    site.page("/login", html("Portal", "<form><input name=user><input type=password></form>"))
    with pytest.raises(Blocked) as caught:
        check_content(ask(site.url("/list")))
    assert caught.value.code == "login_page"
    check_content(ask(site.url("/login")))


HOSTILE = (
    "<script>",
    "<!--",
    "<",
    "<p ",
    "<div id=root ",
    "<meta http-equiv=refresh content=1 ",
    "<input ",
    "<h1>",
    "&",
    "<title>",
    "<SCRIPT></script>",
    "class=a ",
    "<a class=b c>",
    "\n ",
    ">",
    "1 ",
    "ведутся ",
    "<svg><style>",
    "in ",
    "<td",
    "😀",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_page_costs_more_than_its_length(piece: str, make_page: MakePage) -> None:
    for form in ("{}", "<html><script>a={}", html("404", "{}")):
        pages = {size: make_page(form.replace("{}", piece * (size // len(piece)))) for size in (16_000, 128_000)}
        for page in pages.values():
            page.text  # noqa: B018 - decoding is the reader's cost

        def judge(size: int, pages: dict[int, Page] = pages) -> None:
            with suppress(SourceError):
                check_content(pages[size])

        assert growth(judge, *pages) < 4


def test_a_large_register_costs_next_to_nothing(make_page: MakePage) -> None:
    row = "<tr><td><a href='/c/{0}'>Company {0}</a></td><td>лицензия действует</td></tr>\n"
    page = make_page(html("Register", "<table>" + "".join(row.format(number) for number in range(12_000)) + "</table>"))
    assert len(page.text) > 900_000
    assert cheapest(lambda: check_content(page)) < cheapest(lambda: lxml.html.fromstring(page.body)) / 2


@given(
    st.lists(
        st.sampled_from(
            [*HOSTILE, "captcha", "</p>", "http://[", "location='http://['", "</title>", '"', "0;url=http://["]
        )
    )
)
def test_whatever_a_page_holds_it_is_told_or_left(pieces: list[str]) -> None:
    block = classify(KnownResponse(text="<html>" + "".join(pieces), asked="http://[", url=URL))
    assert block is None or (block.code and block.why())

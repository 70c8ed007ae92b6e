"""The features of pages in place of the content: data for `classify.py` and `addresses.py`, which weigh them.

No feature is proof alone: a page may quote all of them. Each marker has the maximum of text that a block page with it
shows.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """One of these patterns, whose lines are alternatives; compiled when it is first needed, as most pages need few."""
    return re.compile("|".join(map(str.strip, pattern.strip().splitlines())))


class Header(NamedTuple):
    """A response header that is proof."""

    code: str
    who: str
    name: str
    value: str  # the value, or its beginning, in lower case


HEADERS = (
    Header("challenge_page", "Cloudflare", "cf-mitigated", "challenge"),
    Header("challenge_page", "AWS WAF", "x-amzn-waf-action", "challenge"),
    Header("captcha", "AWS WAF", "x-amzn-waf-action", "captcha"),
    Header("challenge_page", "Vercel", "x-vercel-mitigated", "challenge"),
    Header("access_denied", "Vercel", "x-vercel-mitigated", "deny"),
    Header("access_denied", "Sucuri", "x-sucuri-block", ""),
)

SERVERS = {
    "akamaighost": "Akamai",
    "awselb": "AWS",
    "cloudflare": "Cloudflare",
    "cloudfront": "CloudFront",
    "ddos-guard": "DDoS-Guard",
    "qrator": "Qrator",
    "stormwall": "StormWall",
    "sucuri": "Sucuri",
    "variti": "Variti",
}
"""The vendor by the beginning of the Server header: for messages only, since genuine pages have it too."""


class Marker(NamedTuple):
    """Strings that must all occur in the markup, in lower case, but not in the visible text."""

    code: str
    who: str
    parts: tuple[str, ...]
    most: int = 3000  # the most visible letters of a block page with this marker


def _markers(code: str, who: str, *parts: str, most: int = 3000) -> tuple[Marker, ...]:
    """Several markers of one page; parts joined by " & " must all occur."""
    return tuple(Marker(code, who, tuple(each.split(" & ")), most) for each in parts)


# Genuine pages too have scripts of Cloudflare, Imperva, F5, Kasada and AWS: `most` is small there.
MARKERS = (
    *_markers("captcha", "Cloudflare", "cf-captcha-container", "/chk_captcha", "__cf_chl_captcha_tk__"),
    *_markers("challenge_page", "Cloudflare", "jschl_vc", "jschl-answer", "cf-browser-verification", "_cf_chl_opt"),
    *_markers("challenge_page", "Cloudflare", "__cf_chl_", "cf-challenge-running", "cf-please-wait"),
    *_markers("challenge_page", "Cloudflare", "/cdn-cgi/bm/", "__cf$cv$params", "/cdn-cgi/challenge-platform/", most=0),
    *_markers("captcha", "DDoS-Guard", "ddg-captcha"),
    *_markers("challenge_page", "DDoS-Guard", "/.well-known/ddos-guard/js-challenge"),
    *_markers("challenge_page", "DDoS-Guard", "check.ddos-guard.net", "/.well-known/ddos-guard/", most=400),
    *_markers("challenge_page", "Qrator", "/__qrator/"),
    *_markers("challenge_page", "StormWall", "stormwall", most=400),
    *_markers("challenge_page", "Servicepipe", "servicepipe.ru/static", "servicepipe.tech", "get_cookie_spsn"),
    *_markers("captcha", "Yandex SmartCaptcha", "/checkcaptcha", "checkboxcaptcha", "advancedcaptcha", most=1000),
    *_markers("challenge_page", "Akamai", "sec-if-cpt-container", "/_sec/cp_challenge", "scf-akamai-protected-by"),
    *_markers("challenge_page", "Akamai", "bm-verify=", most=400),
    *_markers("access_denied", "Imperva", "_incapsula_resource & incident_id"),
    *_markers("challenge_page", "Imperva", "_incapsula_resource & noindex", most=100),
    *_markers("challenge_page", "Imperva", "_incapsula_resource", most=0),
    *_markers("captcha", "AWS WAF", "captcha.awswaf.com & captcha-container", "awswafcaptcha", most=400),
    *_markers("challenge_page", "AWS WAF", "gokuprops", "awswafcookiedomainlist", most=400),
    *_markers("challenge_page", "Sucuri", "sucuri_cloudproxy_js"),
    *_markers("access_denied", "Sucuri", "cloudproxy@sucuri.net", "sucuri.net/privacy-policy & block", most=1500),
    *_markers("captcha", "PerimeterX", "px-captcha"),
    *_markers("captcha", "DataDome", "captcha-delivery.com", most=400),
    *_markers("challenge_page", "F5", "bobcmn", "/tspd/", most=150),
    *_markers("challenge_page", "Anubis", "/.within.website/x/cmd/anubis", "anubis_challenge", most=1000),
    *_markers("challenge_page", "Kasada", "kpsdk", most=100),
    *_markers("captcha", "Radware", "validate.perfdrive.com", "captcha.perfdrive.com", "shieldsquare", most=1000),
    *_markers("access_denied", "Wordfence", "wordfence & wf-block", "wordfence & wfblock", most=2000),
    *_markers("challenge_page", "SiteGround", "/.well-known/sgcaptcha/", most=400),
    *_markers("challenge_page", "Imunify360", "imunify360", "wsidchk", most=800),
    *_markers("captcha", "LiteSpeed", "/.lsrecap/", most=800),
    *_markers("challenge_page", "SafeLine", "/.safeline/", most=600),
    *_markers("challenge_page", "Alibaba Cloud", "acw_sc__v2", most=100),
    *_markers("access_denied", "Alibaba Cloud", "errors.aliyun.com", most=600),
    *_markers("access_denied", "Fortinet", "fortiguard", "fortinet & block", most=800),
    # Free hosting: JavaScript computes a cookie, then the page is requested again.
    *_markers("challenge_page", "the host", "slowaes.decrypt", "document.cookie & tonumbers(", most=400),
    *_markers("challenge_page", "", "document.cookie & location.reload", most=60),
    *_markers("challenge_page", "", "document.cookie & location.href", "document.cookie & location.replace", most=60),
)

WEAK = {
    "captcha",
    "капча",
    "maintenance",
    "error",
    "ошибка",
    "blocked",
    "forbidden",
    "403",
    "404",
    "not found",
    "http 404",
}
"""Titles that an article may have as well: they need further evidence, or almost no text."""

WIDGETS = ("g-recaptcha", "h-captcha", "cf-turnstile", "smart-captcha", "recaptcha/api", "hcaptcha.com", "geetest")
"""Captchas that a page may have for a form of its own; "captcha" in an image's address counts as one."""

TITLES = {
    "challenge_page": r"""
        just a moment|один момент|nur einen moment|un momento|un instant|ddos[- ]?guard|checking your browser.*
        проверка (вашего )?браузера.*|one moment,? please|client challenge|pardon our interruption
        making sure you'?re not a bot!?|(vercel )?security check(point)?|security verification|browser check
        проверка безопасности|you are being redirected|ddos[- ]protection.*|защита от ddos.*
    """,
    "captcha": r"""
        captcha|капча|human verification|bot (check|verification|detection)|robot check
        are you (a )?(human|robot)\??|are you not a robot\??|(вы|ты) не робот\??|ой!|captcha challenge
        (проверка,? что вы|подтвердите,? что вы) не робот|radware (bot manager )?captcha|verify you are human
        введите (код|символы) с (картинки|изображения)|i'?m not a robot|я не робот
    """,
    "rate_limited": r"""
        (429 ?-? ?)?too many requests|rate limit(ed| exceeded)|слишком много запросов
    """,
    "geo_blocked": r"""
        (th(is|e) )?((web)?site|page|content|service)?( is)? ?(not available|unavailable) in your (country|region|area)
        (th(is|e) )?((web)?site|page|content|service)?( is)? ?(blocked|restricted) in your (country|region|area)
        (451 ?-? ?)?unavailable (due to|for) legal reasons
        доступ к ([а-я]+ому )*(сайту|ресурсу|странице) (ограничен|заблокирован|запрещ[её]н)
        (сайт|ресурс) (заблокирован|недоступен в вашей стране)
        access (from your country )?is restricted in your (country|region)
    """,
    "access_denied": r"""
        attention required!?|access (to this page has been |is |was )?(denied|forbidden|blocked|restricted)|403
        (error )?403 ?[-:]? ?forbidden|forbidden|error: the request could not be satisfied
        request (rejected|blocked|denied)|blocked|(sorry,? )?you have been blocked|sucuri website firewall.*
        web page blocked!?|not acceptable!?|доступ (запрещ[её]н|ограничен|заблокирован|закрыт)
        (ошибка )?403 ?[-:]? ?(доступ запрещ[её]н)?|attack detected
    """,
    "maintenance": r"""
        ((site|website|scheduled|planned|system|server|under|(down|closed) for|temporary|undergoing|en) )*maintenance
        ((site|scheduled|planned|system|in) )*maintenance (mode|in progress|page|break|work)
        we'?(ll| will) be (right )?back( soon)?!?
        ((на сайте )?(ведутся|проводятся|идут) )?((плановые|регламентные|профилактические|технические) )+работы
        технические работы на (сайте|портале|сервере)|технічні роботи
        (сайт|ресурс|сервис|портал) (находится )?на (техническом )?(обслуживании|реконструкции)
        (th(is|e) )?((web)?site|page|service|system)?( is)? ?(temporarily|currently) (down|unavailable|offline|closed)
        (temporarily )?out of service
        site (down|offline)|(site|page|file) unavailable
        (сайт|страница|сервис|ресурс|портал) (временно )?(недоступен|недоступна|не работает|закрыт)
        .{0,60}experiencing technical difficulties|technical difficulties|техническое обслуживание
        wartung(sarbeiten|smodus)?|(sitio )?en mantenimiento|(site )?en cours de maintenance
    """,
    "soft_404": r"""
        ((error|ошибка|http|status|код) ?)?404( ?[-:.]? ?(error|(page |file )?not found|ошибка|страница не найдена))?
        (th(is|e) )?(requested )?(page|file|object|document|resource|url) ((was |is |could |can)?not( be)? ?found)!?
        (th(is|e) )?(requested )?(page|file|object|document|resource|url) (does ?n[o']t exist|can'?t be found)
        http (error|status) 404(\.\d+)?( [-–] not found)?
        not found|(sorry,? )?(we )?(can'?t|cannot|couldn'?t) find (that|the|this) page
        (запрашиваемая |запрошенная |такая |данная )?страница (не найдена|не существует|удалена)
        такой страницы (не существует|нет)|(файл|документ|раздел|материал) не найден|не найдено|seite nicht gefunden
        page (introuvable|non trouvée)|página no encontrada|pagina non trovata|nie znaleziono strony
        strona nie została znaleziona|сторінку не знайдено|页面不存在|找不到页面|页面未找到
    """,
    "error_page": r"""
        (error )?(50[0-4]|52\d)( ?[-:]? ?((internal server )?error|bad gateway|service unavailable|gateway time-?out))?
        503 service temporarily unavailable
        internal server error|bad gateway|service (temporarily )?unavailable|gateway time-?out
        (application|server|runtime|database) error|server error in .*|error
        error establishing a database connection|(внутренняя )?ошибка( сервера)?|ошибка|произошла ошибка
        an (unexpected )?error (has )?occurred|something went wrong|что-то пошло не так
    """,
    "login_page": r"""
        (please )?(log|sign)[ -]?in( to .{1,40}| required| page)?|(member|user|account|admin) log[ -]?in
        authentication|authentication required|single sign[ -]?on
        вход( в (систему|личный кабинет|аккаунт|кабинет).*| на сайт)?|авторизация( на .*| в .*)?|войти
        войдите.{0,40}|anmelden|anmeldung|connexion|se connecter|iniciar sesión|accedi|logowanie|zaloguj się|вхід
        ログイン|登录|登入
    """,
}
"""Matched against a whole part of the title, or the whole first heading; in lower case, without final dots."""

PHRASES = {
    "geo_blocked": r"""
        (available|accessible|blocked|restricted|banned) (in|from|for|to) (your|this) (country|region|location|area)
        unavailable in your (country|region|location|area)|(from|in) your jurisdiction
        access from your (country|region|location)|block(ed|s)? access from your country
        banned the country or region|unavailable (due to|for) legal reasons
        (european economic area|european union|eu visitors).{0,200}(gdpr|general data protection|access|unavailable)
        (недоступ|ограничен|запрещ[её]н|заблокирован)\w* (в|из|для|на территории) (ваш|данн|эт)\w+ (стран|регион)
        (недоступ\w+|ограничен\w*|запрещ[её]н\w*).{0,40}(для|с|из) (зарубежн|иностранн)\w+
        доступ\w* из (вашей страны|вашего региона|-?за пределов)|из-?за пределов (россии|рф|российской)
        доступ к .{0,60}ограничен.{0,80}(149-фз|решени|законодательств|роскомнадзор|закон)
        не предназначен\w* для вашего региона|недоступн\w+ у ваш(ій|ому) (країні|регіоні)
        in ihrem land nicht verfügbar|nicht in ihrem land|pas disponible dans votre (pays|région)
        no (está|se encuentra) disponible en (su|tu) (país|región)|您所在的(国家|地区)|所在地区.{0,10}(无法|不可)
    """,
    "rate_limited": r"""
        too many requests|you are being rate limited|rate limit (was |has been )?exceeded|слишком много запросов
        превыш\w+ (лимит|количеств\w+|числ\w+|частот\w+) (запросов|обращений)|слишком част\w+ (запрос|обращени)
    """,
    "captcha": r"""
        (confirm|verify|prove|check|make sure|ensure) (that )?you('| a)re (a |not a )?(human|real person|robot|bot)\b
        i('| a)m not a robot|complete (the |a |this )?(security check|captcha)|solve (the|this) captcha
        (enter|type) the (characters|code|letters|text|numbers).{0,40}(image|picture|see|shown)|unusual traffic
        press (&|and) hold|подтвердите,? (пожалуйста,? )?что (вы не робот|запросы отправляли вы|вы человек)
        (введите|укажите) (код|символы|текст|цифры|буквы).{0,30}(картинк|изображени|рисунк)|вы не робот|я не робот
        (пройдите|решите) (капчу|проверку)|запросы.{0,40}похожи на автоматические
    """,
    "challenge_page": r"""
        checking (if the site connection is secure|(your|the) browser|you('| a)re)|verifying you are human
        enable javascript and cookies to continue|review the security of your connection
        performing security verification|ddos[- ](protection|mitigation) by|this process is automatic
        enable js and disable any ad blocker|making sure you('| a)re not a bot
        please wait\W{0,5}(for )?(\d{1,2}|a few|several)( more)? seconds|подождите\W{0,5}\d{1,2} секунд
        проверк[аиу] (вашего |вашей |безопасности )?(браузера|соединения)
        проверяем (ваш |безопасность )?(браузер|соедин)|защита от (ddos|ддос)|ваш браузер.{0,30}провер
    """,
    "access_denied": r"""
        you (have been|are|were) (temporarily |permanently )?(blocked|banned)|the requested url was rejected
        your (ip|access|request|client|host)\b.{0,80}(been |is |was )(\w+ )?(block|denied|banned|restrict|flagged)
        your ip address is on|(request )?blacklist|errors\.edgesuite\.net|reference #\d+\.[0-9a-f]+\.\d+
        you (don't|do not) have permission to access|incapsula incident id|(the|this) request is blocked
        access (is |was )?(denied|forbidden)|request blocked|generated by (cloudfront|wordfence)
        ваш (ip|айпи).{0,60}(заблокир|ограничен|в ч[её]рн)|вы (были )?заблокированы
        доступ (к (\w+ )?(сайту|ресурсу|странице|серверу) )?(ограничен|закрыт|запрещ[её]н|заблокирован)
        запрос (был )?(отклон[её]н|заблокирован)
    """,
    "maintenance": r"""
        \b(undergoing|under|performing|doing) (a |some )?((scheduled|planned|routine|system|site|urgent) )*maintenance
        (site|service|page|system|server|portal|regist\w+) is (temporarily|currently) (unavail\w+|down|offline|closed)
        (we|site|service)('ll| will) be back (soon|shortly|online|up|in)|temporarily unavailable
        (down|closed|unavailable|offline) (for|due to) ((scheduled|planned|system|routine|site) )*maintenance
        experiencing technical difficulties|(ведутся|проводятся|идут|производятся) .{0,40}работы|технически\w+ работ
        (сайт|портал|сервис|ресурс|реестр|страница|система) (временно )?(недоступ|не работает|закрыт)
        временно недоступ|на (техническом )?обслуживании|технічні роботи|wartungsarbeiten|gewartet|mantenimiento
        maintenance en cours
    """,
    "soft_404": r"""
        (page|document|file|resource|url|address)( \w+){0,6} (was |is |could |can)?not( be)? found
        (page|document|file|resource|url|address)( \w+){0,6} (is )?no longer (exist|avail)
        (page|document|file|resource)( \w+){0,6} does(n't| not) exist
        (can't|cannot|couldn't|could not) (be found|find the page)
        страниц\w+.{0,60}(не найден|не существует|была удалена)|такой страницы|seite (wurde )?nicht gefunden
        (page|página|pagina|strona).{0,30}(introuvable|no encontrada|non trovata|nie (została )?znaleziona)
    """,
    "error_page": r"""
        internal server error|bad gateway|service (temporarily )?unavailable|gateway time-?out|fatal error:
        error establishing a database connection|sqlstate\[|\bora-\d{5}\b|unable to connect to (the )?database
        an? (unexpected |internal |unknown )?error (has )?occurred|произошла (\w+ )?ошибка|внутренняя ошибка
    """,
}
"""Phrases that address the reader, searched in a short text, in lower case."""

REPORTS = r"""
    \b(said|told reporters|according to|reports? that|reported|announced|explains?|writes|asks (users|visitors))\b
    сообщ(ил|ает|ают)|заяв(ил|ляет)|рассказ(ал|ывает)|объясн(ил|яет)|по словам|пишет|что такое|\bwhat is\b
"""
"""Words of articles about such pages: a short text with them is no block, unless its title alone proves one."""

HOSTS = {
    "login_page": r"login|signin|sso|auth|idp|accounts|passport|adfs|cas|esia|oauth",
    "captcha": r"captcha|showcaptcha",
    "challenge_page": r"unblock|challenge|validate",
    "geo_blocked": r"blocked|blackhole|lawfilter|zapret|geoblock",
}
"""The code for a redirect's target, by the first label of the host."""

PATHS = {
    "login_page": r"""
        log-?in|log-?on|sign-?in|sso|saml2?|oauth2?|authorize|wp-login|auth|authentication|vhod|avtorizatsiya
    """,
    "captcha": r"(show|check|validate|re)?captcha|sorry",
    "challenge_page": r"challenge|cdn-cgi|unblock|bot-?check",
    "geo_blocked": r"geo-?block(ed)?|(not-available|unavailable)-in-your-(country|region)",
    "access_denied": r"access-?denied|forbidden|blocked|403|no-?access",
    "maintenance": r"maintenance|sorry-page|tehraboty|tech-?works",
    "soft_404": r"404|not-?found|page-?not-?found|error-?404|404-?error",
    "error_page": r"errors?|50[0-4]|error-?(page|50\d)|generic-?error",
}
"""The code for a redirect's target, by a segment of the path without its extension."""

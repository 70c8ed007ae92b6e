"""A provider of OpenID Connect, as the desk asks it: who somebody is, whether he still may, and that he signed out.

The code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636). Authlib and joserfc check tokens; requests go by our
own fetcher, with the proxy and the authorities of `[http]`, and follow no redirect. The provider may be at a private
address, as who configures it trusts it. Import this module only where there is one: it loads 30 MB.
"""

import json
import logging
import re
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.claims import JWTClaims
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from sources import FetchError, Get, Source
from sources.errors import HttpStatus
from sources.http.session import Fetcher, Session
from sources.options import HttpOptions
from watcher.config.settings import ROLES, TOKEN_HOLDER, Role, WebOptions, is_guarded
from watcher.web.signing_in import ProviderDown, SignInAttempt, SignInRefused, Voucher

_log = logging.getLogger(__name__)

LEEWAY = 120  # seconds by which the clocks may differ
LOOK_EVERY = timedelta(minutes=45)  # of a session's use: whoever loses a group loses the role within an hour
AGAIN = timedelta(minutes=1)  # between two attempts at a provider that is down, and two readings of its keys
LONGEST_DOWN = timedelta(hours=4)  # that a session goes on while the provider cannot be asked
# Those that need the provider's private key. One with a shared secret would let its public key sign, too.
ALGORITHMS = [f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)]
_FRESH = timedelta(hours=1)  # for which what a provider says of itself is kept
_LATE = 600  # seconds after which a notice that somebody signed out is too old: so long its number is remembered
_NOTICES = 10_000  # whose numbers are remembered
_LONGEST_TOKEN, _LONGEST_NAME = 32_768, 200  # characters
_ASKED = Source(timeout=timedelta(seconds=10), max_bytes=1_000_000)
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
# what Authlib and joserfc raise over values of other types than they expect
_MALFORMED = (JoseError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
_NEVER = datetime.min.replace(tzinfo=UTC)
Said = dict[str, Any]  # JSON of a provider


class Provider:
    """One of the providers of a desk: its name, its title in pages, and the `path` at which signing in begins."""

    def __init__(self, name: str, web: WebOptions, http: HttpOptions, clock: Callable[[], datetime]) -> None:
        self.name, self.options, self._others, self._clock = name, web.providers[name], tuple(web.providers), clock
        self.path = f"/sign-in/oidc{name and f'/{name}'}"
        self.title = self.options.label or urlsplit(self.options.issuer).netloc
        alone: dict[str, object] = {"auth": None, "headers": {}, "robots": "ignore", "private_addresses": "allow"}
        self._http = http.model_copy(update=alone)
        self._about, self._about_at = Said(), _NEVER
        self._keys, self._keys_at = KeySet([]), _NEVER
        self._notices, self._down_at = deque[str](maxlen=_NOTICES), _NEVER

    async def begin(self, attempt: SignInAttempt, state: str, back: str) -> str:
        """The address at the provider where a sign-in goes on; it leads `back`. Raises ProviderDown."""
        where, scopes = (await self._read_about())["authorization_endpoint"], ("openid", *self.options.scopes)
        own = {"nonce": attempt.nonce, "code_challenge": create_s256_code_challenge(attempt.verifier)}
        asked = {"scope": list(dict.fromkeys(scopes)), "state": state, "code_challenge_method": "S256"} | own
        return str(prepare_grant_uri(where, self.options.client_id, "code", back, **asked))

    async def finish(self, attempt: SignInAttempt, said: Mapping[str, str], back: str) -> Voucher:
        """Who comes back with this in the address (RFC 6749, 4.1.2; RFC 9207). Raises SignInRefused, ProviderDown."""
        names_itself = (await self._read_about()).get("authorization_response_iss_parameter_supported") is True
        if said.get("iss", "" if names_itself else self.options.issuer) != self.options.issuer:
            raise SignInRefused("the answer is from another provider, or does not say from which it is")
        if (code := said.get("code")) is None or "error" in said:
            error = said.get("error", "")
            raise SignInRefused(f"it answered {error if re.fullmatch('[a-z_]{1,40}', error) else 'without a code'}")
        form = {"code": code, "redirect_uri": back, "code_verifier": attempt.verifier}
        tokens, claims = await self._exchange("authorization_code", form, attempt.nonce)
        return Voucher(self.name, self._name(claims), self._role(claims), claims, tokens, self._clock())

    async def still_vouches(self, voucher: Voucher) -> bool:
        """Whether a session may go on: asks the provider where that is due, and notes the role that it says then."""
        async with voucher.turn:
            if self._within(voucher.looked, LONGEST_DOWN if self._within(self._down_at, AGAIN) else LOOK_EVERY):
                return True
            try:
                await self._look(voucher)
            except ProviderDown as error:
                if self._down_at is _NEVER:
                    _log.warning("%s: who signed in there goes on for now: %s", self.title, error)
                self._down_at = self._clock()
                return self._within(voucher.looked, LONGEST_DOWN)
            except SignInRefused as error:
                _log.info("%s is signed out: %s", voucher.who, error)
                return False
            self._down_at = _NEVER
            return True

    async def read_notice(self, token: str) -> tuple[str, str]:
        """The `sub` or `sid`, or both, of who signed out at the provider (OpenID Connect Back-Channel Logout 1.0, 2.6).
        Raises SignInRefused, and ProviderDown.
        """
        claims = await self._read_token(token, _LATE, JWTClaims)
        number, sub, sid = (_text(claims.get(name)) for name in ("jti", "sub", "sid"))
        events = claims.get("events")
        if not isinstance(events, dict) or _LOGOUT not in events or "nonce" in claims or not number or not sub + sid:
            raise SignInRefused("the token is no notice of who signed out")
        if number in self._notices:
            raise SignInRefused("the notice has come before")
        self._notices.append(number)
        return sub, sid

    def end_address(self, voucher: Voucher, back: str) -> str | None:
        """Where somebody signs out at the provider as well (OpenID Connect RP-Initiated Logout 1.0), if it has that."""
        where = self._about.get("end_session_endpoint")
        hints = {"id_token_hint": voucher.tokens["id_token"], "client_id": self.options.client_id}
        return str(add_params_to_uri(where, [*hints.items(), ("post_logout_redirect_uri", back)])) if where else None

    def _within(self, at: datetime, age: timedelta) -> bool:
        """Whether a time is less than so long ago; what lies in the future, by a clock that was set, is not."""
        return at <= self._clock() < at + age

    async def _look(self, voucher: Voucher) -> None:
        """Ask about somebody, by the refresh token if there is one, else by the access token. What it says is kept."""
        if refresh := voucher.tokens["refresh_token"]:
            tokens, claims = await self._exchange("refresh_token", {"refresh_token": refresh})
            voucher.tokens |= {name: token for name, token in tokens.items() if token}
        else:
            claims = await self._complete({}, voucher.tokens["access_token"])
        if claims.get("sub") != voucher.claims["sub"]:
            raise SignInRefused("the provider does not speak of the same person any more")
        if "groups" not in claims and voucher.role != "viewer":
            raise SignInRefused("the provider names no groups any more")
        voucher.role, voucher.looked = self._role(claims), self._clock()

    async def _read_about(self) -> Said:
        """What the provider says of itself (OpenID Connect Discovery 1.0). Raises ProviderDown."""
        if not self._within(self._about_at, _FRESH):
            found = await self._ask(Get(self.options.issuer.rstrip("/") + "/.well-known/openid-configuration"))
            if found.get("issuer") != self.options.issuer:
                raise ProviderDown("it calls itself by another address than `issuer`")
            for name in _ADDRESSES:
                if (name in found or name in _ADDRESSES[:3]) and not is_guarded(_text(found.get(name))):
                    raise ProviderDown(f'its "{name}" is missing, or neither https nor on loopback')
            self._about, self._about_at = found, self._clock()
        return self._about

    async def _exchange(self, kind: str, form: dict[str, str], nonce: str | None = None) -> tuple[Said, Said]:
        """The tokens for a code or a refresh token, and what they say about whom; "" and nothing where none came."""
        about, own, headers = await self._read_about(), self.options, dict[str, str]()
        methods = str(about.get("token_endpoint_auth_methods_supported", "client_secret_basic"))
        form |= {"grant_type": kind, "client_id": own.client_id}
        if own.client_secret and "client_secret_basic" in methods:
            pair = f"{quote(own.client_id, safe='')}:{quote(own.client_secret, safe='')}"  # RFC 6749, 2.3.1
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        elif own.client_secret:
            form["client_secret"] = own.client_secret
        given = await self._ask(Get(about["token_endpoint"], "POST", form=form, headers=headers), may_refuse=True)
        tokens = {name: _text(given.get(name)) for name in ("id_token", "access_token", "refresh_token")}
        claims, access = Said(), tokens["access_token"]
        if nonce or tokens["id_token"]:
            known = {"nonce": nonce, "client_id": own.client_id, "access_token": access}
            claims = await self._read_token(tokens["id_token"], LEEWAY, CodeIDToken, known)
        return tokens, await self._complete(claims, access)

    async def _complete(self, claims: Said, access: str) -> Said:
        """The claims with those that only the provider's userinfo has."""
        where = (await self._read_about()).get("userinfo_endpoint")
        wanted = {"preferred_username", "email", *(["groups"] if self.options.roles else [])}
        if not where or not access or wanted <= claims.keys():
            return claims
        found = await self._ask(Get(where, headers={"Authorization": f"Bearer {access}"}), may_refuse=True)
        if found.get("sub") != claims.get("sub", found.get("sub")):  # OpenID Connect Core 1.0, 5.3.4
            raise SignInRefused("the provider speaks of somebody else")
        return found | claims

    async def _ask(self, get: Get, *, may_refuse: bool = False) -> Said:
        """A JSON object from the provider. Raises ProviderDown, and SignInRefused where it refuses what it is given."""
        try:
            async with aclosing(Fetcher(self._http, clock=self._clock)) as fetcher:
                page = await Session(fetcher, _ASKED, hops=0).fetch(get)
            found = json.loads(page.body)
        except FetchError as error:
            if not isinstance(error, HttpStatus):
                raise ProviderDown(error.message) from None
            said = error.message.partition(": ")[0]  # what follows is about options of sources
            said += "; see client_id and client_secret" if (get.method, error.status) == ("POST", 401) else ""
            refused = may_refuse and error.status in {400, 401, 403}
            raise (SignInRefused if refused else ProviderDown)(said) from None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise ProviderDown("its answer is no object in JSON")
        return found

    async def _read_token(self, given: str, oldest: int, kind: type[Any], known: Said | None = None) -> Said:
        """The claims of a token for the desk that the provider signed, at most so many seconds ago. Keys are read again
        where they lack its own. `kind` is Authlib's class for such claims, `known` what they are compared with.
        """
        if not 0 < len(given) <= _LONGEST_TOKEN:
            raise SignInRefused("there is no token, or one that is too long")
        if not self._within(self._keys_at, _FRESH):
            await self._read_keys()
        now = int(self._clock().timestamp())
        named = {"iss": self.options.issuer, "aud": self.options.client_id, "iat": None}
        expected = {name: {"essential": True, "value": value} for name, value in named.items()}
        try:
            try:
                token = jwt.decode(given, self._keys, ALGORITHMS)
            except InvalidKeyIdError:
                if self._within(self._keys_at, AGAIN):
                    raise
                self._keys_at = self._clock()
                await self._read_keys()
                token = jwt.decode(given, self._keys, ALGORITHMS)
            issued = token.claims.get("iat")
            age = now - issued if isinstance(issued, int | float) else 0
            if not -LEEWAY <= age <= oldest:
                minutes = f"{min(abs(age), 10**9) / 60:.0f} minutes {'old' if age > 0 else 'ahead'}"
                what = "the clock of the provider or of this machine is wrong, or the token is not a new one"
                raise SignInRefused(f"by the two clocks its token is {minutes}: {what}")
            kind(token.claims, token.header, expected, known).validate(now, LEEWAY)
        except _MALFORMED as error:  # whose text may not be shown
            why = [getattr(error, "error", "malformed"), getattr(error, "claim", "")]
            raise SignInRefused(f"its token is not accepted: {', '.join(filter(None, why))}") from None
        return token.claims

    async def _read_keys(self) -> None:
        found = await self._ask(Get((await self._read_about())["jwks_uri"]))
        try:
            self._keys, self._keys_at = KeySet.import_key_set({"keys": found["keys"]}), self._clock()
        except _MALFORMED:
            raise ProviderDown("its keys cannot be read") from None

    def _name(self, claims: Said) -> str:
        """What somebody is called here. A provider with a name adds it, so no two have a person in common."""
        name = _text(claims.get("preferred_username"))
        if not name or name != name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise SignInRefused("the provider gives no preferred_username: ask for the scope profile")
        if not self.name and (name == TOKEN_HOLDER or name.endswith(tuple(f"@{other}" for other in self._others))):
            raise SignInRefused("the preferred_username is one that others have here")
        return f"{name}@{self.name}" if self.name else name

    def _role(self, claims: Said) -> Role:
        groups, roles = claims.get("groups"), self.options.roles
        named = map(_text, groups if isinstance(groups, list) else [groups])
        return max((roles[each] for each in named if each in roles), key=ROLES.index, default="viewer")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
